package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.artifact.Artifact;
import io.weir.streams.job.artifact.ArtifactStore;
import io.weir.streams.job.artifact.JobJar;
import io.weir.streams.job.compare.CompareRules;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobCatalog;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Transitions;
import io.weir.streams.replay.ReplayTier;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Everything a user can ask for about jobs. Requests are decided in the registry and done by the
/// [Reconciler];
/// whoever wants to see the end waits. Safe for use by any thread; methods block.
public final class Jobs {
    private static final int FIRST_VERSION = 1;

    private final JobRegistry registry;
    private final ArtifactStore artifacts;
    private final JobCluster cluster;
    private final Planner planner;
    private final Reconciler reconciler;
    private final Remover remover;
    private final ReplayPlanner replays;
    private final ResultReader reader;
    private final Clock clock;

    Jobs(
            JobRegistry registry,
            ArtifactStore artifacts,
            JobCluster cluster,
            Planner planner,
            Reconciler reconciler,
            Remover remover,
            ColdTopics cold,
            ResultReader reader,
            Clock clock) {
        this.reader = reader;
        this.registry = registry;
        this.artifacts = artifacts;
        this.cluster = cluster;
        this.planner = planner;
        this.reconciler = reconciler;
        this.remover = remover;
        this.replays = new ReplayPlanner(cluster, cold);
        this.clock = clock;
    }

    /// What running versions keep in their stores.
    public States states() {
        return new States(registry, reconciler, cluster);
    }

    /// Runs from history that come to an end, beside everything else.
    public Reruns reruns() {
        return new Reruns(registry, replays, remover, cluster, reader, clock);
    }

    /// The plan of a jar, and what it changes of the job's live version; stores nothing.
    public PlannedJob plan(DeployRequest request) {
        PlannedJob planned = planner.plan(request);
        Job job = registry.newest().jobs().get(planned.name().value());
        return job == null ? planned : against(job, planned);
    }

    private PlannedJob against(Job job, PlannedJob planned) {
        JobVersion live = job.liveVersion();
        PlanDiff diff = PlanDiff.between(
                live.number(), live.plan().json(), planned.plan().json());
        Map<String, Long> history = new HashMap<>();
        ReplayTier tier = ReplayTier.T1;
        if (!diff.keep()) {
            planned.plan().sources().forEach(source -> history.put(source, cluster.records(source)));
            tier = replays.tier(planned.plan());
        }
        return planned.against(job.nextVersion(), live.compiler(), diff, history, tier);
    }

    /// A local copy of a jar that some job brought, for another job or plan.
    ///
    /// @throws WeirException `artifact-unknown` (404)
    public Path storedJar(String sha256) {
        return artifacts.load(sha256);
    }

    /// Stores the jar and a version, and lets it run: a new job's first one, or one that can go on with the
    /// live
    /// version's state.
    ///
    /// @throws WeirException `job-name-taken` (409) when nothing differs from the live version, or it is of
    ///     another
    ///     class; `replay-needed` (409) when its state does not fit, then the version is there and planned; and
    ///     everything that [#plan] refuses
    public Job deploy(DeployRequest request) {
        return deploy(request, Map.of());
    }

    /// As [#deploy(DeployRequest)], with what is kept of the request.
    ///
    /// @throws RepeatedRequest when it began an operation before
    public Job deploy(DeployRequest request, Map<String, String> asGiven) {
        PlannedJob planned = planner.plan(request);
        Job present = registry.newest().jobs().get(planned.name().value());
        if (present != null) {
            RepeatedRequest.refuse(present, Operation.Kind.DEPLOY, asGiven);
            return deployOver(present, planned, request, asGiven);
        }
        Artifact artifact = artifacts.put(request.jar());
        Instant now = clock.instant();
        JobEvent.Deployed event = new JobEvent.Deployed(now, version(planned, FIRST_VERSION, artifact, now), asGiven);
        Job job = keepingNoJar(artifact, () -> registry.create(planned.name(), event));
        // a delete of another job with the same jar may have come between
        artifacts.put(request.jar());
        return job;
    }

    private static JobVersion version(PlannedJob planned, int number, Artifact artifact, Instant at) {
        return JobVersion.planned(
                planned.name(),
                number,
                artifact.sha256(),
                planned.compiler(),
                planned.className(),
                planned.config(),
                planned.plan(),
                at);
    }

    private Job deployOver(Job present, PlannedJob planned, DeployRequest request, Map<String, String> asGiven) {
        JobVersion live = present.liveVersion();
        if (!live.className().equals(planned.className())) {
            throw WeirException.conflict(
                    "job-name-taken",
                    "Job '" + planned.name() + "': exists already, with version " + live.number() + " of "
                            + live.className() + ". To replace it by " + planned.className()
                            + " add a version: POST /jobs/" + planned.name() + "/versions. Or choose another name.");
        }
        String name = planned.name().value();
        Job added = addVersion(name, request, OptionalLong.empty());
        return deployVersion(name, added.versions().getLast().number(), asGiven, OptionalLong.empty());
    }

    /// Adds a version without running it.
    ///
    /// @throws WeirException `job-unknown` (404), `job-name-taken` (409) when it is the same as the live one
    ///     in
    ///     everything, and everything that [#plan] refuses
    public Job addVersion(String name, DeployRequest request, OptionalLong expectedRev) {
        JobRegistry.require(registry.newest(), name);
        PlannedJob planned = planner.plan(request.named(name));
        Artifact artifact = artifacts.put(request.jar());
        Instant now = clock.instant();
        Job job = keepingNoJar(
                artifact,
                () -> registry.change(name, expectedRev, newest -> {
                    refuseTwin(newest.liveVersion(), planned, artifact);
                    return Transitions.add(newest, version(planned, newest.nextVersion(), artifact, now));
                }));
        // a delete of another job with the same jar may have come between
        artifacts.put(request.jar());
        return job;
    }

    private static void refuseTwin(JobVersion live, PlannedJob planned, Artifact artifact) {
        if (live.artifact().equals(artifact.sha256())
                && live.className().equals(planned.className())
                && live.config().equals(planned.config())) {
            throw WeirException.conflict(
                    "job-name-taken",
                    "Job '" + planned.name() + "': exists already, and version " + live.number()
                            + " is the same jar, class and configuration. Choose another name, or change something.");
        }
    }

    /// Lets a planned version go on with the live one's group and state.
    ///
    /// @throws WeirException `replay-needed` (409) naming what its plan changes; see [Transitions#takeOver]
    public Job deployVersion(String name, int number, OptionalLong expectedRev) {
        return deployVersion(name, number, Map.of(), expectedRev);
    }

    private Job deployVersion(String name, int number, Map<String, String> asGiven, OptionalLong expectedRev) {
        Job seen = JobRegistry.require(registry.newest(), name);
        String replaced = seen.liveVersion().artifact();
        Job job = registry.change(name, expectedRev, newest -> {
            JobVersion version = Transitions.require(newest, number);
            JobVersion live = newest.liveVersion();
            PlanDiff diff = PlanDiff.between(
                    live.number(), live.plan().json(), version.plan().json());
            if (!diff.keep()) {
                throw replayNeeded(name, number, diff);
            }
            return Transitions.takeOver(newest, number, clock.instant()).with(asGiven);
        });
        removeUnused(replaced);
        return job;
    }

    private static WeirException replayNeeded(String name, int number, PlanDiff diff) {
        PlanDiff.Reason first = diff.reasons().stream()
                .filter(reason -> !reason.state().equals("kept"))
                .findFirst()
                .orElseThrow();
        return WeirException.conflict(
                "replay-needed",
                "Job '" + name + "': version " + number + " is planned, but cannot take over the state of version "
                        + diff.from() + ": at stage '" + first.stage() + "' " + first.rule()
                        + (diff.reasons().size() > 1
                                ? ", and " + (diff.reasons().size() - 1) + " more"
                                : "")
                        + ". Replay it beside the live version: POST /jobs/" + name + "/versions/" + number
                        + "/replay.");
    }

    /// Lets a planned version read history beside the live one, into outputs of its own.
    ///
    /// @throws WeirException see [ReplayPlanner] and [Transitions#replay]
    public Job replay(
            String name, int number, ReplayRequest request, Map<String, String> asGiven, OptionalLong expectedRev) {
        Job seen = JobRegistry.require(registry.newest(), name);
        RepeatedRequest.refuse(seen, Operation.Kind.REPLAY, asGiven);
        Replay replay = replays.plan(name, Transitions.require(seen, number), request);
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.REPLAY, asGiven);
            return Transitions.replay(job, number, replay, asGiven, clock.instant());
        });
    }

    /// Lets a failed version run again.
    public Job restart(String name, int number, OptionalLong expectedRev) {
        return registry.change(name, expectedRev, job -> Transitions.restart(job, number, clock.instant()));
    }

    /// Removes a version that is not live, see [Removal].
    public Job retire(String name, int number, OptionalLong expectedRev) {
        return retire(name, number, Map.of(), expectedRev);
    }

    /// As [#retire(String, int, OptionalLong)], with what is kept of the request.
    public Job retire(String name, int number, Map<String, String> asGiven, OptionalLong expectedRev) {
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.RETIRE, asGiven);
            return Transitions.retire(job, number, clock.instant()).with(asGiven);
        });
    }

    /// What [#retire] would remove and keep.
    public Removal previewRetire(String name, int number) {
        Job job = JobRegistry.require(registry.newest(), name);
        Transitions.retire(job, number, clock.instant());
        return remover.preview(job, Transitions.require(job, number));
    }

    /// Compares the results of two versions.
    ///
    /// @param left null takes the live version
    /// @param right null takes the newest version beside it
    /// @throws WeirException see [Transitions#compare] and [CompareRules#of]
    public Job compare(
            String name,
            @Nullable Integer left,
            @Nullable Integer right,
            Map<String, String> request,
            OptionalLong expectedRev) {
        CompareRules.of(request);
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.COMPARE, request);
            int number = right == null ? newestBeside(job) : right;
            int other = left == null ? job.live() : left;
            Transitions.require(job, other);
            Map<String, String> whole = new HashMap<>(request);
            whole.put("left", String.valueOf(other));
            return Transitions.compare(job, number, whole, clock.instant());
        });
    }

    private static int newestBeside(Job job) {
        return job.versions().stream()
                .map(JobVersion::number)
                .filter(number -> number != job.live())
                .reduce((older, newer) -> newer)
                .orElseThrow(() -> WeirException.conflict(
                        "version-unknown",
                        "Job '" + job.name() + "': has one version only, there is nothing to compare it with."));
    }

    /// Lets a version that has caught up become live.
    ///
    /// @param request see [CutOverRequest]
    /// @throws WeirException `job-gate` (409) when no comparison allows it, `promote-refused` (422) when an
    ///     output
    ///     has no row per key; see [Transitions#cutOver]
    public Job promote(String name, int number, Map<String, String> request, OptionalLong expectedRev) {
        CutOverRequest wanted = CutOverRequest.of(request);
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.PROMOTE, request);
            Gate.check(job, number, wanted.gate());
            return cutOver(job, Operation.Kind.PROMOTE, number, wanted, request);
        });
    }

    /// Lets the warm version become live again.
    ///
    /// @throws WeirException `version-not-warm` (409) when there is none
    public Job rollback(String name, Map<String, String> request, OptionalLong expectedRev) {
        CutOverRequest wanted = CutOverRequest.of(request);
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.ROLLBACK, request);
            if (job.warm() == 0) {
                throw WeirException.conflict(
                        "version-not-warm", "Job '" + name + "': no version is warm, there is nothing to go back to.");
            }
            return cutOver(job, Operation.Kind.ROLLBACK, job.warm(), wanted, request);
        });
    }

    private JobEvent cutOver(
            Job job, Operation.Kind kind, int number, CutOverRequest wanted, Map<String, String> request) {
        JobVersion winner = Transitions.require(job, number);
        JobVersion live = job.liveVersion();
        boolean inPlace = live.outputs().real() && !winner.outputs().real();
        String mode = wanted.mode().orElse(inPlace ? CutOverRequest.SAME_TOPIC : CutOverRequest.POINTER);
        boolean sameTopic = mode.equals(CutOverRequest.SAME_TOPIC);
        if (sameTopic) {
            refuseUnlessCorrectable(job, winner, inPlace);
        }
        Map<String, String> whole = new HashMap<>(request);
        whole.put("mode", mode);
        return Transitions.cutOver(job, kind, number, whole, sameTopic, clock.instant());
    }

    private static void refuseUnlessCorrectable(Job job, JobVersion winner, boolean inPlace) {
        Set<String> appended =
                new TreeSet<>(PlanFacts.appendedSinks(winner.plan().json()));
        if (!appended.isEmpty() || !inPlace) {
            throw new WeirException(
                    "promote-refused",
                    Whose.USER,
                    422,
                    "Job '" + job.name() + "': mode same-topic "
                            + (inPlace
                                    ? "corrects rows by their key, and outputs " + appended + " append rows without one"
                                    : "needs a live version that writes the real topics, and version " + job.live()
                                            + " was promoted by pointer")
                            + ". Use mode pointer.",
                    null);
        }
    }

    /// Changes throttle or pause of a running replay.
    ///
    /// @param rate empty to leave it
    /// @param paused empty to leave it
    /// @throws WeirException `operation-unknown` (404), `operation-ended` (409)
    public Job tune(String name, String id, OptionalLong rate, Optional<Boolean> paused) {
        return registry.change(
                name, OptionalLong.empty(), job -> Transitions.tune(job, id, rate, paused, clock.instant()));
    }

    /// Ends a running operation: a replayed version fails and may be restarted or retired, two versions that
    /// stand
    /// still go on.
    ///
    /// @throws WeirException `operation-unknown` (404), `operation-ended` (409)
    public Job cancel(String name, String id) {
        return registry.change(name, OptionalLong.empty(), job -> Transitions.cancel(job, id, clock.instant()));
    }

    /// Of two deploys of one name at once the slower one leaves no jar behind.
    private Job keepingNoJar(Artifact artifact, Supplier<Job> change) {
        try {
            return change.get();
        } catch (WeirException e) {
            removeUnused(artifact.sha256());
            throw e;
        }
    }

    private void removeUnused(String sha256) {
        if (!JobRegistry.artifactsInUse(registry.newest(), "").contains(sha256)) {
            artifacts.remove(sha256);
        }
    }

    /// Lets a stopped or failed job run; it goes on where it was.
    public Job start(String name, OptionalLong expectedRev) {
        return start(name, Map.of(), expectedRev);
    }

    /// As [#start(String, OptionalLong)], with what is kept of the request.
    public Job start(String name, Map<String, String> asGiven, OptionalLong expectedRev) {
        Job seen = JobRegistry.require(registry.newest(), name);
        RepeatedRequest.refuse(seen, Operation.Kind.START, asGiven);
        for (JobVersion version : seen.versions()) {
            if (version.state() instanceof JobState.Stopped stopped) {
                remindGroup(version, stopped);
            }
        }
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.START, asGiven);
            return Transitions.start(job, clock.instant()).with(asGiven);
        });
    }

    /// Stops a job on all nodes; offsets and state are kept.
    public Job stop(String name, OptionalLong expectedRev) {
        return stop(name, Map.of(), expectedRev);
    }

    /// As [#stop(String, OptionalLong)], with what is kept of the request.
    public Job stop(String name, Map<String, String> asGiven, OptionalLong expectedRev) {
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.STOP, asGiven);
            return Transitions.stop(job, clock.instant()).with(asGiven);
        });
    }

    /// The source files that a version's jar brings, text by path below `META-INF/weir/source/`.
    ///
    /// @throws WeirException `source-unknown` (404) when it brings none
    public Map<String, String> source(String name, int number) {
        Job job = JobRegistry.require(registry.newest(), name);
        Map<String, String> files =
                JobJar.sources(artifacts.load(Transitions.require(job, number).artifact()));
        if (files.isEmpty()) {
            throw WeirException.notFound(
                    "source-unknown",
                    "Job '" + name + "': the jar of version " + number
                            + " brings no source. One that is deployed from a"
                            + " .java file does: ./weir job deploy MyJob.java.");
        }
        return files;
    }

    /// Stops and removes a job, see [Removal].
    public Job delete(String name, OptionalLong expectedRev) {
        return registry.change(name, expectedRev, job -> Transitions.delete(job, clock.instant()));
    }

    /// What [#delete] would remove and keep.
    public Removal previewDelete(String name) {
        return remover.preview(JobRegistry.require(registry.newest(), name));
    }

    /// All jobs by name.
    public List<JobSeen> all() {
        return seen(registry.newest());
    }

    /// As [#all], with what is known without asking the log; never blocks.
    public List<JobSeen> known() {
        return seen(registry.known());
    }

    private List<JobSeen> seen(JobCatalog catalog) {
        return catalog.jobs().values().stream()
                .sorted(Comparator.comparing(job -> job.name().value()))
                .map(job -> seen(job, localLag(job)))
                .toList();
    }

    /// Stored jobs that cannot be read, reason by name.
    public Map<String, String> unreadable() {
        return registry.known().unreadable();
    }

    /// @throws WeirException `job-unknown` (404)
    public JobSeen get(String name) {
        Job job = JobRegistry.require(registry.newest(), name);
        return seen(job, freshLag(job));
    }

    /// A running or remembered operation; of a deleted job only this process's own delete is remembered.
    ///
    /// @throws WeirException `job-unknown` or `operation-unknown` (404)
    public OperationSeen operation(String name, String id) {
        JobCatalog catalog = registry.newest();
        Job job = catalog.jobs().get(name);
        if (job == null) {
            return removed(name, id).orElseThrow(() -> unknownJob(catalog, name));
        }
        return job.operation(id)
                .map(operation -> new OperationSeen(name, operation, Optional.empty(), run(name, operation)))
                .orElseThrow(() -> WeirException.notFound(
                        "operation-unknown",
                        "Job '" + name + "': has no operation '" + id + "'. The newest is "
                                + job.lastOperation().id() + "; the last 20 are kept."));
    }

    private Optional<LocalRun> run(String name, Operation operation) {
        return operation.kind().reruns()
                ? reconciler.snapshotRun(name)
                : Optional.ofNullable(reconciler.localRuns(name).get(operation.version()));
    }

    /// Waits for an operation to end.
    ///
    /// @return the operation as it is then, still running when the timeout has passed
    public OperationSeen awaitEnd(String name, Operation operation, Duration timeout) {
        reconciler.await(() -> hasEnded(name, operation.id()), timeout);
        return operation(name, operation.id());
    }

    /// What happened to a job behind a revision, as far as it is remembered; waits for the first of it.
    ///
    /// @return nothing when the timeout has passed
    /// @throws WeirException `job-unknown` (404)
    public List<Job.Happened> events(String name, long afterRev, Duration timeout) {
        JobRegistry.require(timeout.isZero() ? registry.newest() : registry.known(), name);
        reconciler.await(() -> !happened(name, afterRev).isEmpty(), timeout);
        return happened(name, afterRev);
    }

    private List<Job.Happened> happened(String name, long afterRev) {
        Job job = registry.known().jobs().get(name);
        return job == null
                ? List.of()
                : job.events().stream().filter(event -> event.rev() > afterRev).toList();
    }

    /// Waits until a job is seen in a state, or has failed.
    public void awaitState(String name, Predicate<String> label, Duration timeout) {
        reconciler.await(
                () -> Optional.ofNullable(registry.known().jobs().get(name))
                        .map(job -> seen(job, Map.of()).label())
                        .map(now -> label.test(now) || now.equals("FAILED"))
                        .orElse(true),
                timeout);
    }

    private boolean hasEnded(String name, String id) {
        Job job = registry.known().jobs().get(name);
        return job == null
                || job.operation(id).map(operation -> !operation.running()).orElse(true);
    }

    private Optional<OperationSeen> removed(String name, String id) {
        return remover.removed(name)
                .filter(gone -> gone.operation().id().equals(id))
                .map(gone -> new OperationSeen(name, gone.operation(), Optional.of(gone.removal()), Optional.empty()));
    }

    private static WeirException unknownJob(JobCatalog catalog, String name) {
        try {
            JobRegistry.require(catalog, name);
            return WeirException.notFound("operation-unknown", "Job '" + name + "': has no such operation.");
        } catch (WeirException e) {
            return e;
        }
    }

    /// A broker forgets the offsets of a group that is silent for a week; the registry does not.
    private void remindGroup(JobVersion version, JobState.Stopped stopped) {
        String group = version.applicationId();
        if (!stopped.positions().isEmpty() && cluster.committed(group).isEmpty()) {
            cluster.commit(group, stopped.positions());
        }
    }

    private JobSeen seen(Job job, Map<String, Long> lag) {
        return new JobSeen(job, reconciler.localRuns(job.name().value()), lag);
    }

    private Map<String, Long> localLag(Job job) {
        return localLag(job, job.live());
    }

    private Map<String, Long> localLag(Job job, int number) {
        LocalRun run = reconciler.localRuns(job.name().value()).get(number);
        return run == null ? Map.of() : run.lagBySource();
    }

    /// Asked of the log now; what was seen last when it does not answer.
    private Map<String, Long> freshLag(Job job) {
        return freshLag(job, job.liveVersion());
    }

    private Map<String, Long> freshLag(Job job, JobVersion version) {
        try {
            return cluster.lag(version.applicationId(), version.plan().sources());
        } catch (WeirException e) {
            return localLag(job, version.number());
        }
    }

    /// What a version's plan changes of the live one's.
    public static PlanDiff diff(Job job, int number) {
        JobVersion live = job.liveVersion();
        return PlanDiff.between(
                live.number(),
                live.plan().json(),
                Transitions.require(job, number).plan().json());
    }

    /// Records behind of one version, by source topic.
    public Map<String, Long> lag(Job job, int number) {
        return freshLag(job, Transitions.require(job, number));
    }
}

package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.streams.job.artifact.Artifact;
import io.weir.streams.job.artifact.ArtifactStore;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobCatalog;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobName;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Transitions;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Predicate;

/// Everything a user can ask for about jobs. Requests are decided in the registry and done by the [Reconciler];
/// whoever wants to see the end waits. Safe for use by any thread; methods block.
public final class Jobs {
    private static final int FIRST_VERSION = 1;

    private final JobRegistry registry;
    private final ArtifactStore artifacts;
    private final JobCluster cluster;
    private final Planner planner;
    private final Reconciler reconciler;
    private final Remover remover;
    private final Clock clock;

    Jobs(
            JobRegistry registry,
            ArtifactStore artifacts,
            JobCluster cluster,
            Planner planner,
            Reconciler reconciler,
            Remover remover,
            Clock clock) {
        this.registry = registry;
        this.artifacts = artifacts;
        this.cluster = cluster;
        this.planner = planner;
        this.reconciler = reconciler;
        this.remover = remover;
        this.clock = clock;
    }

    /// The plan of a jar; stores nothing.
    public PlannedJob plan(DeployRequest request) {
        return planner.plan(request);
    }

    /// A local copy of a jar that some job brought, for another job or plan.
    ///
    /// @throws WeirException `artifact-unknown` (404)
    public Path storedJar(String sha256) {
        return artifacts.load(sha256);
    }

    /// Stores the jar and a first version, and lets it run.
    ///
    /// @throws WeirException `job-name-taken` or `replay-needed` (409) when the job exists, and everything that
    ///     [#plan] refuses
    public Job deploy(DeployRequest request) {
        PlannedJob planned = planner.plan(request);
        refuseExisting(planned);
        Artifact artifact = artifacts.put(request.jar());
        Instant now = clock.instant();
        JobName name = planned.name();
        JobVersion version = new JobVersion(
                FIRST_VERSION,
                artifact.sha256(),
                planned.className(),
                planned.config(),
                name.applicationId(FIRST_VERSION),
                planned.plan(),
                now,
                new JobState.Planned(now),
                0);
        Job job = create(name, new JobEvent.Deployed(now, version), artifact);
        // a delete of another job with the same jar may have come between
        artifacts.put(request.jar());
        return job;
    }

    /// Of two deploys of one name at once the slower one leaves no jar behind.
    private Job create(JobName name, JobEvent.Deployed event, Artifact artifact) {
        try {
            return registry.create(name, event);
        } catch (WeirException e) {
            if (!JobRegistry.artifactsInUse(registry.newest(), "").contains(artifact.sha256())) {
                artifacts.remove(artifact.sha256());
            }
            throw e;
        }
    }

    /// Lets a stopped or failed job run; it goes on where it was.
    public Job start(String name, OptionalLong expectedRev) {
        Job seen = JobRegistry.require(registry.newest(), name);
        if (seen.state() instanceof JobState.Stopped stopped) {
            remindGroup(seen, stopped);
        }
        return registry.change(name, expectedRev, job -> Transitions.start(job, clock.instant()));
    }

    /// Stops a job on all nodes; offsets and state are kept.
    public Job stop(String name, OptionalLong expectedRev) {
        return registry.change(name, expectedRev, job -> Transitions.stop(job, clock.instant()));
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
                .map(operation -> new OperationSeen(name, operation, Optional.empty()))
                .orElseThrow(() -> WeirException.notFound(
                        "operation-unknown",
                        "Job '" + name + "': has no operation '" + id + "'. The newest is "
                                + job.lastOperation().id() + "; the last 20 are kept."));
    }

    /// Waits for an operation to end.
    ///
    /// @return the operation as it is then, still running when the timeout has passed
    public OperationSeen awaitEnd(String name, Operation operation, Duration timeout) {
        reconciler.await(() -> hasEnded(name, operation.id()), timeout);
        return operation(name, operation.id());
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
                .map(gone -> new OperationSeen(name, gone.operation(), Optional.of(gone.removal())));
    }

    private static WeirException unknownJob(JobCatalog catalog, String name) {
        try {
            JobRegistry.require(catalog, name);
            return WeirException.notFound("operation-unknown", "Job '" + name + "': has no such operation.");
        } catch (WeirException e) {
            return e;
        }
    }

    private void refuseExisting(PlannedJob planned) {
        Job job = registry.newest().jobs().get(planned.name().value());
        if (job == null) {
            return;
        }
        JobVersion live = job.liveVersion();
        boolean samePlan = live.plan().json().equals(planned.plan().json());
        if (live.className().equals(planned.className()) && !samePlan) {
            throw WeirException.conflict(
                    "replay-needed",
                    "Job '" + planned.name() + "': runs another plan of " + planned.className()
                            + ", whose state this one cannot take over. Deploy it under another name beside the"
                            + " running job, or delete the job first.");
        }
        throw WeirException.conflict(
                "job-name-taken",
                "Job '" + planned.name() + "': exists already, with version " + live.number() + " of "
                        + live.className() + " in state "
                        + live.state().label() + ". Choose another name, or delete it first.");
    }

    /// A broker forgets the offsets of a group that is silent for a week; the registry does not.
    private void remindGroup(Job job, JobState.Stopped stopped) {
        String group = job.liveVersion().applicationId();
        if (!stopped.positions().isEmpty() && cluster.committed(group).isEmpty()) {
            cluster.commit(group, stopped.positions());
        }
    }

    private JobSeen seen(Job job, Map<String, Long> lag) {
        return new JobSeen(job, reconciler.localRun(job.name().value()), lag);
    }

    private Map<String, Long> localLag(Job job) {
        return reconciler
                .localRun(job.name().value())
                .map(LocalRun::lagBySource)
                .orElse(Map.of());
    }

    /// Asked of the log now; what was seen last when it does not answer.
    private Map<String, Long> freshLag(Job job) {
        JobVersion version = job.liveVersion();
        try {
            return cluster.lag(version.applicationId(), version.plan().sources());
        } catch (WeirException e) {
            return localLag(job);
        }
    }
}

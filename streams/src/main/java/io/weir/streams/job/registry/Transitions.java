package io.weir.streams.job.registry;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.registry.JobState.Aim;
import io.weir.streams.job.registry.JobState.CatchingUp;
import io.weir.streams.job.registry.JobState.Failed;
import io.weir.streams.job.registry.JobState.Live;
import io.weir.streams.job.registry.JobState.Planned;
import io.weir.streams.job.registry.JobState.Replaying;
import io.weir.streams.job.registry.JobState.Retired;
import io.weir.streams.job.registry.JobState.Shadow;
import io.weir.streams.job.registry.JobState.Starting;
import io.weir.streams.job.registry.JobState.Stopped;
import io.weir.streams.job.registry.JobState.Warm;
import io.weir.streams.job.registry.Operation.Kind;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// Which event may happen in which state. What a user asks for in the wrong state is refused with a sentence;
/// what a runner reports too late is dropped, because somebody has decided otherwise meanwhile.
public final class Transitions {
    private Transitions() {}

    /// @throws WeirException `job-state` (409)
    public static JobEvent.StartAsked start(Job job, Instant at) {
        return switch (job.state()) {
            case Planned planned -> new JobEvent.StartAsked(at, Map.of());
            case Stopped stopped -> {
                refuseWhile(Kind.STOP, job);
                yield new JobEvent.StartAsked(at, Map.of());
            }
            case Failed failed -> new JobEvent.StartAsked(at, Map.of());
            case Starting starting -> throw wrongState(job, "start", "it is starting already");
            case Retired retired -> throw wrongState(job, "start", "it is being deleted");
            case Replaying replaying -> throw wrongState(job, "start", "it is running already");
            case CatchingUp catchingUp -> throw wrongState(job, "start", "it is running already");
            case Shadow shadow -> throw wrongState(job, "start", "it is running already");
            case Live live -> throw wrongState(job, "start", "it is running already");
            case Warm warm -> throw wrongState(job, "start", "it is running already");
        };
    }

    /// @throws WeirException `job-state` (409)
    public static JobEvent.StopAsked stop(Job job, Instant at) {
        if (job.state() instanceof Retired) {
            throw wrongState(job, "stop", "it is being deleted");
        }
        refuseAtTheLastStep(job);
        boolean any = job.versions().stream()
                .map(JobVersion::state)
                .anyMatch(state -> state.shouldRun() || state instanceof Failed);
        if (!any) {
            throw wrongState(job, "stop", "it is stopped already");
        }
        return new JobEvent.StopAsked(at, Map.of());
    }

    /// A delete that failed half-way may be asked for again.
    ///
    /// @throws WeirException `operation-running` (409)
    public static JobEvent delete(Job job, Instant at) {
        if (job.state() instanceof Retired) {
            refuseWhile(Kind.DELETE, job);
        }
        return new JobEvent.DeleteAsked(at);
    }

    /// Adds a version; refused only while the job is being deleted.
    ///
    /// @throws WeirException `job-state` (409)
    public static JobEvent add(Job job, JobVersion version) {
        if (job.state() instanceof Retired) {
            throw wrongState(job, "take another version", "it is being deleted");
        }
        return new JobEvent.Added(version.created(), version);
    }

    /// Lets a planned version go on with the live one's state. That the plans are equal is the caller's
    /// claim.
    ///
    /// @throws WeirException `version-unknown` (404), `version-state`, `operation-running` (409)
    public static JobEvent.TookOver takeOver(Job job, int number, Instant at) {
        JobVersion version = require(job, number);
        refuseWhileBusy(job);
        if (!(version.state() instanceof Planned)) {
            throw wrongState(job, version, "be deployed", "only a planned version can");
        }
        return new JobEvent.TookOver(at, number, Map.of());
    }

    /// @throws WeirException `version-unknown` (404), `version-state`, `operation-running` (409)
    public static JobEvent replay(Job job, int number, Replay replay, Map<String, String> request, Instant at) {
        JobVersion version = require(job, number);
        refuseWhileBusy(job);
        if (!(version.state() instanceof Planned)) {
            throw wrongState(job, version, "be replayed", "only a planned version can: plan another one");
        }
        return new JobEvent.ReplayAsked(at, number, replay, request);
    }

    /// @throws WeirException `version-unknown` (404), `version-state` (409)
    public static JobEvent restart(Job job, int number, Instant at) {
        JobVersion version = require(job, number);
        if (!(version.state() instanceof Failed)) {
            throw wrongState(job, version, "be restarted", "only a failed version can");
        }
        return new JobEvent.RestartAsked(at, number);
    }

    /// @throws WeirException `version-unknown` (404), `version-live`, `operation-running` (409)
    public static JobEvent.RetireAsked retire(Job job, int number, Instant at) {
        JobVersion version = require(job, number);
        if (number == job.live()) {
            throw WeirException.conflict(
                    "version-live",
                    "Job '" + job.name() + "': version " + number + " is live, its outputs "
                            + version.plan().sinks()
                            + " have readers. Promote another version first, or delete the job.");
        }
        boolean again = version.state() instanceof Retired && !running(Kind.RETIRE, job);
        if (!again) {
            refuseWhileBusy(job);
        }
        return new JobEvent.RetireAsked(at, number, Map.of());
    }

    /// @throws WeirException `version-unknown` (404), `version-state`, `operation-running` (409)
    public static JobEvent compare(Job job, int number, Map<String, String> request, Instant at) {
        JobVersion version = require(job, number);
        refuseWhileBusy(job);
        if (version.state() instanceof Planned || version.state() instanceof Retired) {
            throw wrongState(job, version, "be compared", "it has no results");
        }
        return new JobEvent.CompareAsked(at, number, request);
    }

    /// @param kind promote or rollback
    /// @throws WeirException `version-unknown` (404), `version-state`, `version-not-warm`,
    ///     `operation-running` (409)
    public static JobEvent cutOver(
            Job job, Kind kind, int number, Map<String, String> request, boolean hold, Instant at) {
        refuseWhileBusy(job);
        JobVersion version = require(job, number);
        if (kind == Kind.ROLLBACK && !(version.state() instanceof Warm)) {
            throw WeirException.conflict(
                    "version-not-warm",
                    "Job '" + job.name() + "': version " + number + " is "
                            + version.state().label() + ", only a warm version can be rolled back to.");
        }
        if (kind == Kind.PROMOTE && !(version.state() instanceof Shadow)) {
            throw wrongState(job, version, "be promoted", "only one in state SHADOW can, which has read all history");
        }
        if (version.replay() != null && version.replay().bounded()) {
            throw wrongState(job, version, "be promoted", "its replay ended at a given place: it follows nothing");
        }
        if (!(job.state() instanceof Live)) {
            throw wrongState(job, job.liveVersion(), "be replaced", "start the job first");
        }
        return new JobEvent.CutOverAsked(at, kind, number, request, hold);
    }

    /// @throws WeirException `version-unknown` (404), `version-state`, `operation-running` (409)
    public static JobEvent snapshot(
            Job job,
            int number,
            long beforeMillis,
            long reachMillis,
            @Nullable Replay replay,
            Map<String, String> request,
            Instant at) {
        JobVersion version = require(job, number);
        refuseWhileBusy(job);
        if (version.state() instanceof Retired) {
            throw wrongState(job, version, "give a snapshot", "it is being removed");
        }
        return new JobEvent.SnapshotAsked(
                at, Snapshot.begun(job, version, beforeMillis, reachMillis, replay, at), request);
    }

    /// @throws WeirException `version-unknown` (404), `version-state`, `operation-running` (409)
    public static JobEvent backfill(
            Job job, int number, long reachMillis, Slice slice, Map<String, String> request, Instant at) {
        JobVersion version = require(job, number);
        refuseWhileBusy(job);
        if (version.state() instanceof Retired) {
            throw wrongState(job, version, "be backfilled", "it is being removed");
        }
        return new JobEvent.SnapshotAsked(at, Snapshot.backfill(job, version, reachMillis, slice, at), request);
    }

    /// Feeds dead letters to the live version's code. An attempt that has failed goes on where it was: what
    /// it has
    /// written stays.
    ///
    /// @param windows whether the job has windows
    /// @throws WeirException `operation-running` (409)
    public static JobEvent redrive(Job job, Letters letters, boolean windows, Map<String, String> request, Instant at) {
        refuseWhileBusy(job);
        if (job.state() instanceof Retired) {
            throw wrongState(job, "feed its dead letters again", "it is being deleted");
        }
        Snapshot snapshot = unfinishedRedrive(job)
                .map(Snapshot::resumed)
                .orElseGet(() -> Snapshot.redrive(job, job.liveVersion(), letters, windows, at));
        return new JobEvent.SnapshotAsked(at, snapshot, request);
    }

    /// Dead letters of which some may have been fed again, by a run that has failed.
    public static Optional<Snapshot> unfinishedRedrive(Job job) {
        return job.snapshots().stream()
                .filter(snapshot -> snapshot.letters() != null && snapshot.phase() == Snapshot.Phase.FAILED)
                .findFirst();
    }

    /// @throws WeirException `snapshot-unknown` (404)
    public static Snapshot requireSnapshot(Job job, int number) {
        return job.snapshot(number)
                .orElseThrow(() -> WeirException.notFound(
                        "snapshot-unknown",
                        "Job '" + job.name() + "': has no snapshot " + number + ", only "
                                + job.snapshots().stream().map(Snapshot::number).toList() + "."));
    }

    /// @throws WeirException `snapshot-unknown` (404), `operation-running` (409)
    public static JobEvent removeSnapshot(Job job, int number, Instant at) {
        if (requireSnapshot(job, number).running()) {
            refuseWhileBusy(job);
        }
        return new JobEvent.SnapshotGone(at, number);
    }

    /// @throws WeirException `operation-unknown` (404), `operation-ended` (409)
    public static JobEvent tune(Job job, String id, OptionalLong rate, Optional<Boolean> paused, Instant at) {
        Operation operation = requireRunning(job, id);
        Replay replay = job.version(operation.version()).map(JobVersion::replay).orElse(null);
        if (operation.kind() != Kind.REPLAY || replay == null) {
            throw WeirException.conflict(
                    "operation-ended",
                    "Job '" + job.name() + "': " + id + " is no replay, only replays can be paused or throttled.");
        }
        return new JobEvent.ReplayTuned(
                at, operation.version(), rate.orElse(replay.rate()), paused.orElse(replay.paused()));
    }

    /// @throws WeirException `operation-unknown` (404), `operation-ended` (409)
    public static JobEvent cancel(Job job, String id, Instant at) {
        Operation operation = requireRunning(job, id);
        return switch (operation.kind()) {
            case REPLAY ->
                new JobEvent.Broke(
                        at,
                        operation.version(),
                        new Failure(
                                Whose.USER, "", "", "its replay was cancelled", "Restart the version, or retire it."),
                        false);
            case COMPARE, PROMOTE, ROLLBACK -> {
                refuseAtTheLastStep(job);
                yield new JobEvent.OperationEnded(
                        at, id, Operation.Outcome.CANCELLED, "cancelled by a user", operation.result());
            }
            case SNAPSHOT, BACKFILL, REDRIVE -> {
                refuseAtTheLastStep(job);
                yield job.snapshots().stream()
                        .filter(Snapshot::running)
                        .findFirst()
                        .<JobEvent>map(snapshot -> new JobEvent.SnapshotBroke(
                                at, snapshot.number(), Operation.Outcome.CANCELLED, "cancelled by a user"))
                        .orElseGet(() -> new JobEvent.OperationEnded(
                                at, id, Operation.Outcome.CANCELLED, "cancelled by a user", operation.result()));
            }
            case DEPLOY, START, STOP, DELETE, RETIRE ->
                throw WeirException.conflict(
                        "operation-ended",
                        "Job '" + job.name() + "': " + id + " ("
                                + operation.kind().name().toLowerCase(Locale.ROOT) + ") cannot be cancelled.");
        };
    }

    /// Corrections may have been written: what has begun is brought to its end first.
    private static void refuseAtTheLastStep(Job job) {
        boolean publishes = job.snapshots().stream()
                .anyMatch(snapshot -> snapshot.slice() != null
                        && (snapshot.phase() == Snapshot.Phase.WRITTEN
                                || snapshot.phase() == Snapshot.Phase.PUBLISHED));
        if (publishes) {
            throw WeirException.conflict(
                    "operation-running",
                    "Job '" + job.name() + "': rows are being corrected at this moment. Try again in some seconds.");
        }
        Hold hold = job.hold();
        if (hold != null && !hold.marks().isEmpty()) {
            throw WeirException.conflict(
                    "operation-running",
                    "Job '" + job.name() + "': version "
                            + job.runningOperation().map(Operation::version).orElse(0)
                            + " is taking over at this moment. Try again in some seconds.");
        }
    }

    private static Operation requireRunning(Job job, String id) {
        Operation operation = job.operation(id)
                .orElseThrow(() -> WeirException.notFound(
                        "operation-unknown",
                        "Job '" + job.name() + "': has no operation '" + id + "'. The newest is "
                                + job.lastOperation().id() + "; the last 20 are kept."));
        if (!operation.running()) {
            throw WeirException.conflict(
                    "operation-ended",
                    "Job '" + job.name() + "': " + id + " has ended, it is " + operation.state() + ".");
        }
        return operation;
    }

    /// A runner was seen running.
    public static Optional<JobEvent> ran(Job job, int number, Instant at) {
        return job.version(number)
                .flatMap(version -> version.state() instanceof Starting starting
                        ? Optional.of(new JobEvent.Moved(at, number, state(starting.aim(), at)))
                        : Optional.empty());
    }

    /// The replay has read what there was when it was asked for.
    public static Optional<JobEvent> readHistory(Job job, int number, Instant at) {
        return job.version(number)
                .filter(version -> version.state() instanceof Replaying)
                .map(version -> new JobEvent.Moved(at, number, new CatchingUp(at)));
    }

    public static Optional<JobEvent> caughtUp(Job job, int number, Instant at) {
        return job.version(number)
                .filter(version -> version.state() instanceof CatchingUp)
                .map(version -> new JobEvent.Moved(at, number, new Shadow(at)));
    }

    public static Optional<JobEvent> broke(Job job, int number, Failure failure, boolean steady, Instant at) {
        return job.version(number)
                .filter(version -> version.state().shouldRun())
                .map(version -> new JobEvent.Broke(at, number, failure, steady));
    }

    public static Optional<JobEvent> restarted(Job job, int number, Instant failedAt, Instant at) {
        return job.version(number)
                .filter(version -> version.state() instanceof Failed failed
                        && failed.since().equals(failedAt))
                .map(version -> new JobEvent.Restarted(at, number, version.restarts() + 1));
    }

    public static Optional<JobEvent> cameToRest(
            Job job, int number, Map<String, JobState.Position> positions, Instant at) {
        return job.version(number)
                .filter(Transitions::isStopping)
                .map(version -> new JobEvent.CameToRest(at, number, positions));
    }

    /// Where a version stands on one node, which reads some of its partitions; empty when all of it is known.
    public static Optional<JobEvent> stood(Job job, int number, Map<String, Long> positions, Instant at) {
        Hold hold = job.hold();
        return hold == null
                        || !hold.at().isEmpty()
                        || hold.seen().getOrDefault(number, Map.of()).entrySet().containsAll(positions.entrySet())
                ? Optional.empty()
                : Optional.of(new JobEvent.Stood(at, number, positions));
    }

    /// Whether members of a group may still be leaving.
    public static boolean isStopping(Job job) {
        return job.versions().stream().anyMatch(Transitions::isStopping);
    }

    /// As above, of one version.
    public static boolean isStopping(JobVersion version) {
        return version.state() instanceof Stopped stopped && !stopped.resting();
    }

    /// Whether removal was asked for and has neither ended nor failed.
    public static boolean isBeingDeleted(Job job) {
        return job.state() instanceof Retired && running(Kind.DELETE, job);
    }

    /// Whether removal of one version was asked for and has neither ended nor failed.
    public static boolean isBeingRetired(Job job, int number) {
        return running(Kind.RETIRE, job)
                && job.runningOperation().map(Operation::version).orElse(0) == number;
    }

    /// @throws WeirException `version-unknown` (404)
    public static JobVersion require(Job job, int number) {
        return job.version(number)
                .orElseThrow(() -> WeirException.notFound(
                        "version-unknown",
                        "Job '" + job.name() + "': has no version " + number + ", only "
                                + job.versions().stream()
                                        .map(JobVersion::number)
                                        .toList() + "."));
    }

    private static JobState state(Aim aim, Instant at) {
        return switch (aim) {
            case REPLAYING -> new Replaying(at);
            case SHADOW -> new Shadow(at);
            case LIVE -> new Live(at);
            case WARM -> new Warm(at);
        };
    }

    private static boolean running(Kind kind, Job job) {
        return job.runningOperation().map(Operation::kind).filter(kind::equals).isPresent();
    }

    private static void refuseWhile(Kind kind, Job job) {
        if (running(kind, job)) {
            refuseWhileBusy(job);
        }
    }

    private static void refuseWhileBusy(Job job) {
        job.runningOperation().ifPresent(operation -> {
            throw WeirException.conflict(
                    "operation-running",
                    "Job '" + job.name() + "': one operation at a time, " + operation.id() + " ("
                            + operation.kind().name().toLowerCase(Locale.ROOT) + ") is still running. Look at /jobs/"
                            + job.name() + "/operations/" + operation.id() + ", or cancel it with DELETE.");
        });
    }

    private static WeirException wrongState(Job job, String verb, String but) {
        return WeirException.conflict("job-state", "Job '" + job.name() + "': cannot " + verb + ", " + but + ".");
    }

    private static WeirException wrongState(Job job, JobVersion version, String verb, String but) {
        return WeirException.conflict(
                "version-state",
                "Job '" + job.name() + "': version " + version.number() + " cannot " + verb + " in state "
                        + version.state().label() + ": " + but + ".");
    }
}

package io.weir.streams.job.registry;

import io.weir.log.fault.WeirException;
import io.weir.streams.job.registry.JobState.Failed;
import io.weir.streams.job.registry.JobState.Live;
import io.weir.streams.job.registry.JobState.Planned;
import io.weir.streams.job.registry.JobState.Retired;
import io.weir.streams.job.registry.JobState.Starting;
import io.weir.streams.job.registry.JobState.Stopped;
import io.weir.streams.job.registry.Operation.Kind;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Which event may happen in which state. What a user asks for in the wrong state is refused with a sentence;
/// what a runner reports too late is dropped, because somebody has decided otherwise meanwhile.
public final class Transitions {
    private Transitions() {}

    /// @throws WeirException `job-state` (409)
    public static JobEvent start(Job job, Instant at) {
        return switch (job.state()) {
            case Planned planned -> new JobEvent.StartAsked(at);
            case Stopped stopped -> {
                refuseWhile(Kind.STOP, job);
                yield new JobEvent.StartAsked(at);
            }
            case Failed failed -> new JobEvent.StartAsked(at);
            case Starting starting -> throw wrongState(job, "start", "it is starting already");
            case Live live -> throw wrongState(job, "start", "it is running already");
            case Retired retired -> throw wrongState(job, "start", "it is being deleted");
        };
    }

    /// @throws WeirException `job-state` (409)
    public static JobEvent stop(Job job, Instant at) {
        return switch (job.state()) {
            case Starting starting -> new JobEvent.StopAsked(at);
            case Live live -> new JobEvent.StopAsked(at);
            case Failed failed -> new JobEvent.StopAsked(at);
            case Planned planned -> throw wrongState(job, "stop", "it was never started");
            case Stopped stopped -> throw wrongState(job, "stop", "it is stopped already");
            case Retired retired -> throw wrongState(job, "stop", "it is being deleted");
        };
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

    public static Optional<JobEvent> wentLive(Job job, int version, Instant at) {
        return job.live() == version && job.state() instanceof Starting
                ? Optional.of(new JobEvent.WentLive(at))
                : Optional.empty();
    }

    public static Optional<JobEvent> broke(Job job, int version, Failure failure, boolean steady, Instant at) {
        return job.live() == version && job.state().shouldRun()
                ? Optional.of(new JobEvent.Broke(at, failure, steady))
                : Optional.empty();
    }

    public static Optional<JobEvent> restarted(Job job, Instant failedAt, Instant at) {
        return job.state() instanceof Failed failed && failed.since().equals(failedAt)
                ? Optional.of(new JobEvent.Restarted(at, job.liveVersion().restarts() + 1))
                : Optional.empty();
    }

    public static Optional<JobEvent> cameToRest(Job job, Map<String, JobState.Position> positions, Instant at) {
        return isStopping(job) ? Optional.of(new JobEvent.CameToRest(at, positions)) : Optional.empty();
    }

    /// Whether members of the group may still be leaving.
    public static boolean isStopping(Job job) {
        return job.state() instanceof Stopped && running(Kind.STOP, job);
    }

    /// Whether removal was asked for and has neither ended nor failed.
    public static boolean isBeingDeleted(Job job) {
        return job.state() instanceof Retired && running(Kind.DELETE, job);
    }

    private static boolean running(Kind kind, Job job) {
        return job.lastOperation().running() && job.lastOperation().kind() == kind;
    }

    private static void refuseWhile(Kind kind, Job job) {
        if (running(kind, job)) {
            throw WeirException.conflict(
                    "operation-running",
                    "Job '" + job.name() + "': one operation at a time, "
                            + job.lastOperation().id() + " (" + kind.name().toLowerCase(Locale.ROOT)
                            + ") is still running. Look at /jobs/" + job.name() + "/operations/"
                            + job.lastOperation().id() + ".");
        }
    }

    private static WeirException wrongState(Job job, String verb, String but) {
        return WeirException.conflict("job-state", "Job '" + job.name() + "': cannot " + verb + ", " + but + ".");
    }
}

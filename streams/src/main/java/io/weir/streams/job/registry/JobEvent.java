package io.weir.streams.job.registry;

import io.weir.streams.job.registry.JobState.Position;
import java.time.Instant;
import java.util.Map;

/// What happened to a job. Handlers decide on one, [Job#apply] turns it into the job's next value.
public sealed interface JobEvent {
    Instant at();

    /// Shown to users as the job's last event.
    default String sentence() {
        return switch (this) {
            case Deployed deployed -> "version " + deployed.version().number() + " deployed";
            case StartAsked start -> "start requested";
            case Restarted restarted -> "restarted by itself (" + restarted.attempt() + ")";
            case WentLive live -> "running";
            case StopAsked stop -> "stop requested";
            case CameToRest rest -> "stopped";
            case Broke broke -> "failed: " + broke.failure().cause();
            case DeleteAsked delete -> "delete requested";
            case RemovalFailed failed -> "delete failed: " + failed.cause();
        };
    }

    /// A first version was accepted and is to run.
    record Deployed(Instant at, JobVersion version) implements JobEvent {}

    /// A user wants the stopped or failed job to run.
    record StartAsked(Instant at) implements JobEvent {}

    /// A failed version gets another try without being asked.
    record Restarted(Instant at, int attempt) implements JobEvent {}

    /// A runner was seen running.
    record WentLive(Instant at) implements JobEvent {}

    /// A user wants the job to stop.
    record StopAsked(Instant at) implements JobEvent {}

    /// The last member of a stopping version has left its group.
    record CameToRest(Instant at, Map<String, Position> positions) implements JobEvent {
        public CameToRest {
            positions = Map.copyOf(positions);
        }
    }

    /// A runner ended by itself.
    ///
    /// @param steady whether it had run long enough for earlier failures to be forgotten
    record Broke(Instant at, Failure failure, boolean steady) implements JobEvent {}

    /// A user wants the job gone.
    record DeleteAsked(Instant at) implements JobEvent {}

    /// Something could not be removed; a later delete goes on.
    record RemovalFailed(Instant at, String cause) implements JobEvent {}
}

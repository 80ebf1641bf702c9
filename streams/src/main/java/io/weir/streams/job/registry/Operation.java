package io.weir.streams.job.registry;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// Something that was asked for and takes time.
///
/// @param id `op-<n>`, unique within the job
/// @param version the version it is about
/// @param ended null while it runs
/// @param problem why it failed, empty otherwise
public record Operation(
        String id,
        Kind kind,
        int version,
        Outcome state,
        Instant started,
        @Nullable Instant ended,
        String problem) {
    /// What was asked for.
    public enum Kind {
        DEPLOY,
        START,
        STOP,
        DELETE
    }

    /// How it stands. A later request may cancel a running one.
    public enum Outcome {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    static Operation begun(String id, Kind kind, int version, Instant at) {
        return new Operation(id, kind, version, Outcome.RUNNING, at, null, "");
    }

    public Operation ended(Outcome outcome, Instant at, String why) {
        return new Operation(id, kind, version, outcome, started, at, why);
    }

    public boolean running() {
        return state == Outcome.RUNNING;
    }
}

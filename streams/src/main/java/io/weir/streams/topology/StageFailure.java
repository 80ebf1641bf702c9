package io.weir.streams.topology;

import org.jspecify.annotations.Nullable;

/// One record that a stage cannot process: the fault of the record or of the job's code, never of the
/// engine. The record goes to the dead letter topic and the job goes on.
final class StageFailure extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String stage;

    StageFailure(String stage, String message, @Nullable Throwable cause) {
        super("Stage '" + stage + "': " + message, cause);
        this.stage = stage;
    }

    /// Wraps what the job's code has thrown.
    static StageFailure of(String stage, RuntimeException thrown) {
        return thrown instanceof StageFailure failure ? failure : new StageFailure(stage, thrown.toString(), thrown);
    }

    String stage() {
        return stage;
    }
}

package io.weir.streams.job.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Something that was asked for and takes time.
///
/// @param id `op-<n>`, unique within the job
/// @param version the version it is about
/// @param ended null while it runs
/// @param problem why it failed, empty otherwise
/// @param request what was asked for beside the version
/// @param result what came of it, an object
public record Operation(
        String id,
        Kind kind,
        int version,
        Outcome state,
        Instant started,
        @Nullable Instant ended,
        String problem,
        Map<String, String> request,
        JsonNode result) {
    /// What was asked for.
    public enum Kind {
        DEPLOY,
        START,
        STOP,
        DELETE,
        REPLAY,
        COMPARE,
        PROMOTE,
        ROLLBACK,
        RETIRE,
        SNAPSHOT,
        BACKFILL,
        REDRIVE;

        /// Whether it is a run over history that comes to an end.
        public boolean reruns() {
            return this == SNAPSHOT || this == BACKFILL || this == REDRIVE;
        }
    }

    /// How it stands. A later request may cancel a running one.
    public enum Outcome {
        RUNNING,
        DONE,
        FAILED,
        CANCELLED
    }

    public Operation {
        request = Map.copyOf(request);
    }

    static Operation begun(String id, Kind kind, int version, Instant at, Map<String, String> request) {
        return new Operation(
                id, kind, version, Outcome.RUNNING, at, null, "", request, JsonNodeFactory.instance.objectNode());
    }

    public Operation ended(Outcome outcome, Instant at, String why) {
        return ended(outcome, at, why, result);
    }

    Operation ended(Outcome outcome, Instant at, String why, JsonNode what) {
        return new Operation(id, kind, version, outcome, started, at, why, request, what);
    }

    Operation with(JsonNode what) {
        return new Operation(id, kind, version, state, started, ended, problem, request, what);
    }

    public boolean running() {
        return state == Outcome.RUNNING;
    }
}

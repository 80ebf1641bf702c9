package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.registry.Slice;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a user asks of a backfill.
///
/// @param version whose code runs; null takes the live one
/// @param from first instant of the windows
/// @param to exclusive
/// @param keys only windows of these keys; empty takes all
/// @param ownTopic true: into topics of their own; false: the live outputs are corrected
public record BackfillRequest(
        @Nullable Integer version, Instant from, Instant to, List<String> keys, boolean ownTopic) {
    public BackfillRequest {
        keys = List.copyOf(keys);
        if (!from.isBefore(to)) {
            throw new WeirException(
                    "spec-invalid",
                    Whose.USER,
                    "Backfill: 'from' must lie before 'to', got " + from + " and " + to + ".");
        }
    }

    Slice slice() {
        return new Slice(from.toEpochMilli(), to.toEpochMilli(), keys, ownTopic);
    }
}

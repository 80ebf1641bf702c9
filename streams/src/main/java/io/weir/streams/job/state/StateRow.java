package io.weir.streams.job.state;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// One row of a store.
///
/// @param window the window it belongs to; null without windows
/// @param settled whether nothing can change it any more; null where no gate decides that
public record StateRow(
        JsonNode key,
        JsonNode value,
        @Nullable Span window,
        @Nullable Boolean settled) {
    /// @param end first moment after the window
    public record Span(Instant start, Instant end) {}
}

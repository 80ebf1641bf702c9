package io.weir.streams.job.compare;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.utils.Bytes;

/// Rows of windows that lie wholly inside a range of event time.
///
/// @param fromMillis first instant of the range
/// @param toMillis exclusive
/// @param keys only windows of these keys, as JSON or as text; empty takes all
public record WindowScope(long fromMillis, long toMillis, Set<String> keys) {
    public WindowScope {
        keys = Set.copyOf(keys);
    }

    /// As [WindowScope], from the list that a user gave.
    public static WindowScope of(long fromMillis, long toMillis, List<String> keys) {
        return new WindowScope(fromMillis, toMillis, Set.copyOf(keys));
    }

    /// Whether a row with that key is one of them.
    public boolean holds(Bytes key) {
        long start = RowColumns.windowStartMillis(key.get()).orElse(Long.MIN_VALUE);
        long end = RowColumns.windowEndMillis(key.get()).orElse(Long.MAX_VALUE);
        return start >= fromMillis && end <= toMillis && (keys.isEmpty() || isWanted(key));
    }

    private boolean isWanted(Bytes key) {
        JsonNode inner = RowColumns.tree(key.get()).path("key");
        return keys.contains(inner.asText()) || keys.contains(inner.toString());
    }

    /// The end of a row's window.
    static long endMillis(Bytes key) {
        return RowColumns.windowEndMillis(key.get()).orElse(Long.MAX_VALUE);
    }
}

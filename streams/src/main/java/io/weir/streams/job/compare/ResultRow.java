package io.weir.streams.job.compare;

import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/// One row of an output.
///
/// @param key as it stands in the topic
/// @param value null deletes
/// @param headers texts by name
public record ResultRow(Bytes key, @Nullable Bytes value, long timestampMillis, Map<String, String> headers) {
    public ResultRow {
        headers = Map.copyOf(headers);
    }

    /// The value as clients want it.
    public byte @Nullable [] bytes() {
        return value == null ? null : value.get();
    }
}

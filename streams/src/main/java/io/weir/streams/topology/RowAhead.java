package io.weir.streams.topology;

import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/// The headers of a record whose row was read before Kafka Streams asks for it, on another thread than the engine's:
/// they are the one thing that comes with a record to its deserializer.
final class RowAhead extends RecordHeaders {
    private @Nullable Object row;
    private final long millis;

    /// @param millis event time of the row
    RowAhead(Headers headers, Object row, long millis) {
        super(headers);
        this.row = row;
        this.millis = millis;
    }

    long millis() {
        return millis;
    }

    /// The row, once: headers live on in caches, rows need not.
    private @Nullable Object take() {
        Object taken = row;
        row = null;
        return taken;
    }

    /// Gives the row that was read ahead, or the rows that were folded, and reads all others.
    static Deserializer<Object> or(Deserializer<Object> rows) {
        return new Deserializer<>() {
            @Override
            public @Nullable Object deserialize(String topic, byte @Nullable [] bytes) {
                return rows.deserialize(topic, bytes);
            }

            @Override
            public @Nullable Object deserialize(String topic, Headers headers, byte @Nullable [] bytes) {
                Object ahead = headers instanceof RowAhead read ? read.take() : FoldedHeader.take(headers);
                return ahead == null ? rows.deserialize(topic, headers, bytes) : ahead;
            }
        };
    }
}

package io.weir.streams.testing;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One record that a job has written.
///
/// @param key the key as text; of a windowed result the JSON of its window key
/// @param value the row; null where the record deletes
/// @param time the record's timestamp
/// @param headers as text
public record Row<V>(@Nullable String key, @Nullable V value, Instant time, Map<String, String> headers) {
    public Row {
        headers = Map.copyOf(headers);
    }

    /// The row, where the test knows that there is one.
    ///
    /// @throws IllegalStateException when the record deletes
    public V row() {
        if (value == null) {
            throw new IllegalStateException("The record with key " + key + " deletes, it has no row.");
        }
        return value;
    }
}

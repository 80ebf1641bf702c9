package io.weir.streams.dsl;

import java.time.Instant;

/// The key of a windowed result: `{"key":...,"window_start":"...","window_end":"..."}` in a topic.
///
/// @param key the key within the window; it alone chooses the partition
/// @param start first instant of the window
/// @param end first instant after it
public record WindowKey<K>(K key, Instant start, Instant end) {}

package io.weir.streams.testing;

import org.jspecify.annotations.Nullable;

/// One record of a topic's history.
///
/// @param timestampMillis of the record
/// @param key null where it has none
/// @param value null where the record deletes
@SuppressWarnings("ArrayRecordComponent") // bytes as the log has them; records of history are not compared
public record HistoryRecord(
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        byte @Nullable [] key,
        byte @Nullable [] value) {}

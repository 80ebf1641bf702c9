package io.weir.streams.replay;

import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The event time of a record. Called by the thread that polls, once per record.
@FunctionalInterface
public interface RecordTime {
    /// The time that producers gave.
    RecordTime TIMESTAMP = ConsumerRecord::timestamp;

    /// What a record without a usable time answers: it moves no clock and waits for nobody.
    long NONE = Long.MIN_VALUE;

    /// Milliseconds since 1970, or [#NONE].
    long of(ConsumerRecord<byte[], byte[]> record);
}

package io.weir.log.produce;

import io.weir.log.record.RecordContent;
import io.weir.log.record.RecordHeader;
import io.weir.log.topic.TopicName;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A record on its way into the log.
///
/// @param partition null: chosen by the hash of the key, without a key by load
/// @param timestamp null: the time of writing. The log keeps milliseconds
public record NewRecord(
        TopicName topic,
        @Nullable Integer partition,
        @Nullable Instant timestamp,
        RecordContent content) {
    public static NewRecord of(TopicName topic, byte @Nullable [] key, byte @Nullable [] value) {
        return new NewRecord(topic, null, null, new RecordContent(key, value, List.of()));
    }

    public NewRecord inPartition(int number) {
        return new NewRecord(topic, number, timestamp, content);
    }

    public NewRecord at(Instant newTimestamp) {
        return new NewRecord(topic, partition, newTimestamp, content);
    }

    public NewRecord withHeaders(List<RecordHeader> headers) {
        return new NewRecord(topic, partition, timestamp, new RecordContent(content.key(), content.value(), headers));
    }
}

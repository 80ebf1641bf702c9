package io.weir.tiered.query;

import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The log as SQL asks it. Thread-safe; each call is bounded by a deadline of its own.
public interface TopicLog {
    /// Names of all topics.
    Set<String> topicNames();

    /// Kafka's id of an existing topic: another one after the topic was deleted and made again.
    String topicId(TopicName topic);

    /// Per topic and partition: from the first offset that is there to the last stable offset, so that all
    /// transactions inside are decided. The ends of all partitions of all topics come from one request.
    Map<TopicName, Map<Integer, OffsetRange>> ranges(Set<TopicName> topics);

    /// Values, without tombstones, of the first and last records of each partition.
    ///
    /// @param atMost in all
    List<byte[]> sample(TopicName topic, Map<Integer, OffsetRange> ranges, int atMost);
}

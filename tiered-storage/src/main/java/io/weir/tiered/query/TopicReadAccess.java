package io.weir.tiered.query;

import io.weir.log.topic.TopicName;

/// Whether a caller may read a topic: the same answer as for a Kafka consumer of that principal. Thread-safe.
public interface TopicReadAccess {
    boolean mayRead(String principal, TopicName topic);
}

package io.weir.log.admin;

import io.weir.log.topic.TopicName;
import java.util.Map;
import java.util.OptionalInt;

/// A topic to be created.
///
/// @param partitions empty: the cluster's default
/// @param replicationFactor empty: the cluster's default
/// @param configs Kafka's topic configurations, by name
public record NewTopicRequest(
        TopicName name, OptionalInt partitions, OptionalInt replicationFactor, Map<String, String> configs) {
    public NewTopicRequest {
        configs = Map.copyOf(configs);
    }
}

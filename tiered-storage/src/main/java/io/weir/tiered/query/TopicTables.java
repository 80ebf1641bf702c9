package io.weir.tiered.query;

import io.weir.log.topic.TopicName;
import io.weir.tiered.shape.TopicColumns;

/// The columns that topics have in their tables. Thread-safe; may block for a question to the catalog.
public interface TopicTables {
    /// None while the topic has no table.
    ///
    /// @param topicId as Kafka writes it
    /// @throws io.weir.log.fault.WeirException `archive-unavailable` when the catalog cannot be asked
    TopicColumns columns(TopicName topic, String topicId);

    /// No topic has a table.
    static TopicTables none() {
        return (topic, topicId) -> TopicColumns.NONE;
    }
}

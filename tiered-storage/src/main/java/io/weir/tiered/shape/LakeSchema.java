package io.weir.tiered.shape;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// The columns of topics, kept by whoever keeps the tables. Safe for use by any thread.
public interface LakeSchema {
    /// What the topic's table has now.
    ///
    /// @throws IOException the keeper did not answer
    TopicColumns columns(String topic, UUID topicId) throws IOException;

    /// Adds what is missing. Columns are only ever added, never changed or taken away.
    ///
    /// @param wanted the merged tree: known columns with their ids, new ones (at any depth) with field id 0
    /// @param deadline how long the caller waits
    /// @return what the table has afterwards, every column with its id
    /// @throws IOException no answer within the deadline
    TopicColumns grow(String topic, UUID topicId, List<Column> wanted, Duration deadline) throws IOException;
}

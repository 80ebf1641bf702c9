package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import java.util.Map;
import java.util.UUID;

/// What the committer asks the archive. Called from the committer's thread only.
public interface ArchivedTopics {
    /// Topics that are archived now, by name.
    Iterable<String> archived();

    /// Ids of all topics there are, by name.
    Map<String, UUID> ids();

    /// @throws io.weir.tiered.archive.NoSuchTopicException there is no such topic
    ArchivedTopic snapshot(String topic);
}

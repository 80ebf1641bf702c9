package io.weir.tiered.table;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.LakeRetention;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// What the committer asks the archive. Called from the committer's thread only.
public interface ArchivedTopics {
    /// Topics that are archived now, by name.
    Iterable<String> archived();

    /// Ids of all topics there are, by name.
    Map<String, UUID> ids();

    /// @throws io.weir.tiered.archive.NoSuchTopicException there is no such topic
    ArchivedTopic snapshot(String topic);

    /// What is set for a topic, there or gone.
    LakeRetention retention(UUID topicId);

    /// Data files that the log still reads, relative to the cluster's folder: all that sidecars of a topic's
    /// segments
    /// list, as long as the broker has not given the segments up.
    ///
    /// @throws RuntimeException it cannot be told now: then no file may go
    Set<String> listed(UUID topicId);
}

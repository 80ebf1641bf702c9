package io.weir.tiered.query;

import io.weir.log.topic.TopicName;

/// What the archive holds of a topic. Asked once per statement, before the end of the log is read. Thread-safe;
/// blocks for as long as it takes to know everything that was finished before the call.
public interface ColdFiles {
    /// Nothing archived: no partitions.
    ///
    /// @throws io.weir.log.fault.WeirException `archive-unavailable` when the archive cannot be asked
    ColdSnapshot snapshot(TopicName topic);

    /// An archive that holds nothing.
    static ColdFiles none() {
        return topic -> new ColdSnapshot(java.util.Map.of());
    }
}

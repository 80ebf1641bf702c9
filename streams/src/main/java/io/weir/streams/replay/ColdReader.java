package io.weir.streams.replay;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// The archive of a log, read past the broker. Whoever has an archive implements it; a user's job needs none. Safe
/// for use by any thread; methods block, and throw [ColdReadException] when log, archive or store do not give what
/// they should.
public interface ColdReader {
    /// Where the archive of each partition of a topic ends: the first offset that only the log itself has. A partition
    /// of which nothing is archived ends where its log starts.
    Map<TopicPartition, Long> ends(String topic);

    /// Begins to read a partition; may be called for any offset, whether it is archived or not.
    ///
    /// @param from first offset that is wanted
    ColdRecords open(TopicPartition partition, long from);
}

package io.weir.streams.topology;

import io.weir.streams.replay.ColdReader;
import io.weir.streams.replay.ColdRecords;
import io.weir.streams.replay.ColumnFold;
import io.weir.streams.replay.FoldLimits;
import io.weir.streams.replay.ReplaySettings;
import java.time.Clock;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;

/// The archive of a job's source as folded rows (tier T3): as far as the records of a range can be folded exactly, one
/// record stands for all of them. The others come as they are. Safe for use by any thread.
///
/// @param rows the archive, record by record
/// @param states of the job's fold
/// @param history where it ends: nothing behind that is folded
/// @param partitions of the source
/// @param clock tells which event times lie in the future
record FoldingReader(
        ColdReader rows,
        ColumnFold fold,
        FoldPlan plan,
        FoldStates states,
        ReplaySettings history,
        int partitions,
        Clock clock,
        FoldLimits limits)
        implements ColdReader {
    @Override
    public Map<TopicPartition, Long> ends(String topic) {
        return rows.ends(topic);
    }

    @Override
    public ColdRecords open(TopicPartition partition, long from) {
        return partition.topic().equals(plan.source().topic())
                ? new FoldingRecords(this, partition, from)
                : rows.open(partition, from);
    }

    /// First offset that is not folded.
    long endOf(TopicPartition partition) {
        return Math.min(
                history.end().getOrDefault(partition, 0L), history.stop().getOrDefault(partition, Long.MAX_VALUE));
    }
}

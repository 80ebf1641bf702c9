package io.weir.log.read;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import org.apache.kafka.common.TopicPartition;

/// A read was asked to begin where the log has nothing: 416.
public final class OffsetOutsideLog extends WeirException {
    private static final long serialVersionUID = 1L;

    private final int partition;
    private final long earliest;
    private final long latest;

    OffsetOutsideLog(TopicPartition partition, long offset, OffsetRange log) {
        super(
                "read-offset-outside",
                Whose.USER,
                416,
                "Topic '" + partition.topic() + "', partition " + partition.partition() + ": offset must be from "
                        + log.from() + " (earliest) to " + log.to() + " (latest), got " + offset + ".",
                null);
        this.partition = partition.partition();
        this.earliest = log.from();
        this.latest = log.to();
    }

    public int partition() {
        return partition;
    }

    /// The first offset that can be read.
    public long earliest() {
        return earliest;
    }

    /// The end: the offset the next record gets.
    public long latest() {
        return latest;
    }
}

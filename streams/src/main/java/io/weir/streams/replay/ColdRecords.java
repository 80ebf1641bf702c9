package io.weir.streams.replay;

import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// The archived records of one partition from an offset on: the same that a broker gives a consumer of committed
/// records, aborted rows, control batches and gaps left out. Follows the archive as it grows. Used by one thread at a
/// time; holds nothing but memory, so there is nothing to close.
public interface ColdRecords {
    /// The next records.
    ///
    /// @param bytes of keys and values, after which a part ends as soon as it can
    /// @throws ColdReadException after which the same part can be asked for again
    Part next(long bytes);

    /// What it holds in memory so that the next part comes quickly.
    long heldBytes();

    /// Lets go of what it holds; it is read again when it is needed.
    void release();

    /// Some of the records.
    ///
    /// @param records in order; may be empty
    /// @param next offset behind them and behind what gives no record
    /// @param last whether the archive has nothing from `next` on just now: the log itself has it
    /// @param folded records of the log that one of these stands for; 0 where each is one
    record Part(List<ConsumerRecord<byte[], byte[]>> records, long next, boolean last, long folded) {
        public Part {
            records = List.copyOf(records);
        }

        /// Records of the log as they are.
        public Part(List<ConsumerRecord<byte[], byte[]>> records, long next, boolean last) {
            this(records, next, last, 0);
        }
    }
}

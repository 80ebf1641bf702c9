package io.weir.streams.job.compare;

import io.weir.streams.replay.RecordTime;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/// Reads committed rows of topics. Each call reads the log anew, so a range may be read several times.
public interface ResultReader {
    /// Calls the sink with every committed row of the range that has a key, in the order of offsets.
    ///
    /// @param to exclusive
    /// @throws io.weir.log.fault.WeirException `log-unreachable` (EXTERNAL)
    void read(String topic, int partition, long from, long to, Consumer<ResultRow> sink);

    /// Calls the sink with every committed record of the range as it stands in the topic, in the order of
    /// offsets.
    ///
    /// @param to exclusive
    void records(String topic, int partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink);

    /// Whether the range holds a committed record, and not only markers of transactions.
    boolean holdsRecords(String topic, int partition, long from, long to);

    /// The offset of the first committed record of the range whose time is not before that one; `to` without
    /// one.
    ///
    /// @param to exclusive
    long firstReaching(String topic, int partition, long from, long to, RecordTime time, long millis);
}

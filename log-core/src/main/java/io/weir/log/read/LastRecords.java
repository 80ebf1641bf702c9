package io.weir.log.read;

import io.weir.log.topic.OffsetRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;

/// Finds where the newest records of a partition begin. Offsets alone do not tell: transaction markers, aborted
/// transactions and compaction leave offsets without a record, so it looks, in windows that grow backwards.
final class LastRecords {
    private static final int RECORDS_PER_POLL = 1_000;
    private static final int GROWTH = 4;
    private static final Duration POLL = Duration.ofMillis(250);

    private final Consumers consumers;

    LastRecords(Consumers consumers) {
        this.consumers = consumers;
    }

    /// For each partition the offset of its `count`-th record from the end, or its first offset when it has
    /// fewer. When the time is over, the earliest offset it came to.
    Map<TopicPartition, Long> find(
            Map<TopicPartition, OffsetRange> log, int count, Isolation isolation, ReadTime time) {
        Map<TopicPartition, Long> starts = new HashMap<>();
        try (Consumer<byte[], byte[]> consumer = consumers.open(isolation, RECORDS_PER_POLL)) {
            log.forEach((partition, range) -> starts.put(partition, find(consumer, partition, range, count, time)));
        }
        return starts;
    }

    private static long find(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, OffsetRange log, int count, ReadTime time) {
        long width = count;
        long to = log.to();
        List<Long> found = new ArrayList<>();
        while (to > log.from() && !time.isOver()) {
            long from = Math.max(log.from(), to - width);
            List<Long> window = offsets(consumer, partition, new OffsetRange(from, to), time);
            window.addAll(found);
            found = window;
            if (found.size() >= count) {
                return found.get(found.size() - count);
            }
            to = from;
            width *= GROWTH;
        }
        return to;
    }

    private static List<Long> offsets(
            Consumer<byte[], byte[]> consumer, TopicPartition partition, OffsetRange window, ReadTime time) {
        consumer.assign(List.of(partition));
        consumer.seek(partition, window.from());
        List<Long> offsets = new ArrayList<>();
        while (consumer.position(partition) < window.to() && !time.isOver()) {
            for (ConsumerRecord<byte[], byte[]> record :
                    consumer.poll(time.poll(POLL)).records(partition)) {
                if (record.offset() < window.to()) {
                    offsets.add(record.offset());
                }
            }
        }
        return offsets;
    }
}

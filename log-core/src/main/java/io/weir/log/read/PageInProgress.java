package io.weir.log.read;

import io.weir.log.read.RecordPage.StoppedBy;
import io.weir.log.record.RecordContent;
import io.weir.log.topic.OffsetRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;

/// One page while it is being filled. Used by one thread.
///
/// Invariant: everything below `next` of a partition was looked at, and `start <= next <= end`.
final class PageInProgress {
    private static final Duration POLL = Duration.ofMillis(250);

    private final RangeQuery query;
    private final Map<TopicPartition, OffsetRange> log;
    private final Map<TopicPartition, Long> next;
    private final List<ReadRecord> records = new ArrayList<>();
    private long bytes;

    PageInProgress(RangeQuery query, Starts.Resolved resolved) {
        this.query = query;
        this.log = resolved.log();
        this.next = new HashMap<>(resolved.starts());
    }

    long next(TopicPartition partition) {
        return Objects.requireNonNull(next.get(partition));
    }

    RecordPage fill(Consumer<byte[], byte[]> consumer, ReadTime time) {
        List<TopicPartition> pending = pending();
        consumer.assign(pending);
        pending.forEach(partition -> consumer.seek(partition, next(partition)));
        while (!pending.isEmpty()) {
            if (time.isOver()) {
                return page(StoppedBy.TIME);
            }
            ConsumerRecords<byte[], byte[]> fetched = consumer.poll(time.poll(POLL));
            Optional<StoppedBy> full = take(fetched);
            if (full.isPresent()) {
                return page(pending().isEmpty() ? StoppedBy.END : full.get());
            }
            for (TopicPartition partition : pending) {
                advance(partition, consumer.position(partition));
            }
            pending = pending();
            consumer.pause(consumer.assignment());
            consumer.resume(pending);
        }
        return page(StoppedBy.END);
    }

    /// @return why the page takes no more, if so
    private Optional<StoppedBy> take(ConsumerRecords<byte[], byte[]> fetched) {
        for (TopicPartition partition : fetched.partitions()) {
            for (ConsumerRecord<byte[], byte[]> record : fetched.records(partition)) {
                if (record.offset() >= end(partition)) {
                    advance(partition, end(partition));
                    break;
                }
                Optional<StoppedBy> full = take(partition, ReadRecord.of(record));
                if (full.isPresent()) {
                    return full;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<StoppedBy> take(TopicPartition partition, ReadRecord record) {
        if (query.filter().accepts(record)) {
            RecordContent content = record.content();
            if (!records.isEmpty() && bytes + content.bytes() > query.bounds().bytes()) {
                advance(partition, record.offset());
                return Optional.of(StoppedBy.BYTES);
            }
            records.add(record);
            bytes += content.bytes();
        }
        advance(partition, record.offset() + 1);
        return records.size() >= query.bounds().records() ? Optional.of(StoppedBy.LIMIT) : Optional.empty();
    }

    private void advance(TopicPartition partition, long offset) {
        next.put(partition, Math.clamp(offset, next(partition), end(partition)));
    }

    private long end(TopicPartition partition) {
        return Objects.requireNonNull(log.get(partition)).to();
    }

    private List<TopicPartition> pending() {
        return next.keySet().stream()
                .filter(partition -> next(partition) < end(partition))
                .toList();
    }

    private RecordPage page(StoppedBy stoppedBy) {
        Map<Integer, Long> nextByNumber = new HashMap<>();
        next.forEach((partition, offset) -> nextByNumber.put(partition.partition(), offset));
        Map<Integer, Long> endByNumber = new HashMap<>();
        log.forEach((partition, range) -> endByNumber.put(partition.partition(), range.to()));
        return new RecordPage(records, new OffsetVector(nextByNumber), new OffsetVector(endByNumber), stoppedBy);
    }
}

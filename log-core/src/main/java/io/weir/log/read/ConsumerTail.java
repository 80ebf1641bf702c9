package io.weir.log.read;

import io.weir.log.topic.OffsetRange;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.TopicPartition;

/// A tail on an assigned consumer of its own. Nothing is fetched while nobody polls.
final class ConsumerTail implements Tail {
    private static final Duration CLOSE = Duration.ofSeconds(1);

    private final Consumer<byte[], byte[]> consumer;
    private final Function<Collection<TopicPartition>, Map<TopicPartition, OffsetRange>> bounds;
    private final RangeQuery query;
    private final Map<TopicPartition, Long> next;
    private final List<TailEvent> waiting = new ArrayList<>();

    ConsumerTail(
            Consumer<byte[], byte[]> consumer,
            Function<Collection<TopicPartition>, Map<TopicPartition, OffsetRange>> bounds,
            RangeQuery query,
            Map<TopicPartition, Long> starts,
            Map<TopicPartition, OffsetRange> lost) {
        this.consumer = consumer;
        this.bounds = bounds;
        this.query = query;
        this.next = new HashMap<>(starts);
        lost.forEach((partition, range) ->
                waiting.add(new TailEvent.Skipped(partition.partition(), range.from(), range.to(), vector())));
        consumer.assign(starts.keySet());
        starts.forEach(consumer::seek);
    }

    @Override
    public OffsetVector vector() {
        Map<Integer, Long> numbers = new TreeMap<>();
        next.forEach((partition, offset) -> numbers.put(partition.partition(), offset));
        return new OffsetVector(numbers);
    }

    @Override
    public List<TailEvent> poll(Duration atMost) {
        if (!waiting.isEmpty()) {
            List<TailEvent> first = List.copyOf(waiting);
            waiting.clear();
            return first;
        }
        try {
            return events(consumer.poll(atMost));
        } catch (OffsetOutOfRangeException e) {
            return skipped(e);
        }
    }

    @Override
    public void wakeUp() {
        consumer.wakeup();
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(CLOSE));
    }

    private List<TailEvent> events(ConsumerRecords<byte[], byte[]> fetched) {
        List<TailEvent> events = new ArrayList<>();
        for (ConsumerRecord<byte[], byte[]> source : fetched) {
            ReadRecord record = ReadRecord.of(source);
            next.put(new TopicPartition(source.topic(), source.partition()), source.offset() + 1);
            if (query.filter().accepts(record)) {
                events.add(new TailEvent.Arrived(record, vector()));
            }
        }
        boolean moved = false;
        for (TopicPartition partition : consumer.assignment()) {
            long position = consumer.position(partition);
            Long before = next.put(partition, position);
            moved |= before == null || before != position;
        }
        if (moved || (events.isEmpty() && !fetched.isEmpty())) {
            events.add(new TailEvent.Moved(vector()));
        }
        return events;
    }

    private List<TailEvent> skipped(OffsetOutOfRangeException outside) {
        List<TailEvent> events = new ArrayList<>();
        bounds.apply(outside.partitions()).forEach((partition, log) -> {
            long from = outside.offsetOutOfRangePartitions().getOrDefault(partition, log.from());
            consumer.seek(partition, log.from());
            next.put(partition, log.from());
            events.add(new TailEvent.Skipped(partition.partition(), from, Math.max(from, log.from()), vector()));
        });
        return events;
    }
}

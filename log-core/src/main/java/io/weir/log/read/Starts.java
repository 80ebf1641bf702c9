package io.weir.log.read;

import io.weir.log.admin.Topic;
import io.weir.log.admin.Topics;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Turns a start position into one offset per partition, checked against what the log holds. Batched: whatever
/// the number of partitions, it asks for the topic once and for offsets two or three times.
final class Starts {
    private final Topics topics;
    private final LastRecords lastRecords;

    Starts(Topics topics, LastRecords lastRecords) {
        this.topics = topics;
        this.lastRecords = lastRecords;
    }

    /// @param log `earliest <= start` and `start <= end` for each partition; the end is the last stable offset
    ///     under `read_committed`, or the start where that lies between it and the newest record
    record Resolved(Map<TopicPartition, Long> starts, Map<TopicPartition, OffsetRange> log) {}

    /// @throws WeirException `topic-not-found`, `partition-not-found`, `read-offset-needs-partition`
    /// @throws OffsetOutsideLog when a given offset is neither in the log nor its end
    Resolved resolve(RangeQuery query, ReadTime time) {
        Topic topic = topics.get(query.topic());
        List<TopicPartition> partitions = partitions(topic, query);
        Map<TopicPartition, OffsetRange> log =
                new HashMap<>(topics.bounds(partitions, query.isolation().level()));
        Map<TopicPartition, Long> starts = new HashMap<>();
        switch (query.start()) {
            case StartPosition.Earliest earliest ->
                log.forEach((partition, range) -> starts.put(partition, range.from()));
            case StartPosition.Latest latest -> log.forEach((partition, range) -> starts.put(partition, range.to()));
            case StartPosition.At at -> starts.put(partitions.getFirst(), at.offset());
            case StartPosition.Each each ->
                partitions.forEach(partition -> starts.put(
                        partition, Objects.requireNonNull(each.vector().next().get(partition.partition()))));
            case StartPosition.Last last -> starts.putAll(lastRecords.find(log, last.count(), query.isolation(), time));
            case StartPosition.Time instant -> starts.putAll(byTime(partitions, log, instant, query.isolation()));
        }
        starts.forEach((partition, start) -> log.compute(partition, (same, range) -> inside(same, start, range)));
        return new Resolved(starts, log);
    }

    private Map<TopicPartition, Long> byTime(
            Collection<TopicPartition> partitions,
            Map<TopicPartition, OffsetRange> log,
            StartPosition.Time time,
            Isolation isolation) {
        Map<TopicPartition, Long> found = topics.offsets(
                partitions, OffsetSpec.forTimestamp(Math.max(0, time.notBefore().toEpochMilli())), isolation.level());
        Map<TopicPartition, Long> starts = new HashMap<>();
        log.forEach((partition, range) -> starts.put(
                partition, Math.min(range.to(), Math.max(range.from(), found.getOrDefault(partition, range.to())))));
        return starts;
    }

    private OffsetRange inside(TopicPartition partition, long start, @Nullable OffsetRange known) {
        OffsetRange range = Objects.requireNonNull(known);
        if (range.from() <= start && start <= range.to()) {
            return range;
        }
        OffsetRange written = topics.bounds(List.of(partition), Isolation.READ_UNCOMMITTED.level())
                .getOrDefault(partition, range);
        if (start < written.from() || start > written.to()) {
            throw new OffsetOutsideLog(partition, start, written);
        }
        return new OffsetRange(Math.min(range.from(), start), Math.max(range.to(), start));
    }

    private static List<TopicPartition> partitions(Topic topic, RangeQuery query) {
        OptionalInt wanted = query.partition();
        if (query.start() instanceof StartPosition.Each each) {
            each.vector().next().keySet().forEach(number -> requirePartition(topic, number));
            return each.vector().next().keySet().stream()
                    .filter(number -> wanted.isEmpty() || wanted.getAsInt() == number)
                    .map(number -> new TopicPartition(topic.name().value(), number))
                    .toList();
        }
        if (wanted.isPresent()) {
            requirePartition(topic, wanted.getAsInt());
            return List.of(new TopicPartition(topic.name().value(), wanted.getAsInt()));
        }
        if (query.start() instanceof StartPosition.At && topic.partitions().size() > 1) {
            throw new WeirException(
                    "read-offset-needs-partition",
                    Whose.USER,
                    "Topic '" + topic.name() + "': a plain offset needs 'partition', as the topic has "
                            + topic.partitions().size() + ". Or give one for each: 'offset=0=1201,1=77'.");
        }
        return topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name().value(), partition.number()))
                .toList();
    }

    private static void requirePartition(Topic topic, int number) {
        int count = topic.partitions().size();
        if (number < 0 || number >= count) {
            throw unknownPartition(topic.name(), number, count);
        }
    }

    private static WeirException unknownPartition(TopicName topic, int number, int count) {
        return WeirException.notFound(
                "partition-not-found",
                "Topic '" + topic + "': partition must be from 0 to " + (count - 1) + ", got " + number + ".");
    }
}

package io.weir.log.read;

import io.weir.log.admin.Topics;
import io.weir.log.cluster.LogConnection;
import io.weir.log.topic.OffsetRange;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;

/// Opens tails. Safe for use by any thread.
public final class Tails {
    private static final int RECORDS_PER_POLL = 500;

    private final Consumers consumers;
    private final Topics topics;
    private final Starts starts;
    private final Clock clock;

    /// @param topics of the same cluster; not closed here
    public Tails(LogConnection connection, Topics topics, Clock clock) {
        this.consumers = new Consumers(connection);
        this.topics = topics;
        this.starts = new Starts(topics, new LastRecords(consumers));
        this.clock = clock;
    }

    /// Begins at the query's start; its bounds count only for finding it.
    ///
    /// @throws io.weir.log.fault.WeirException as [RangeReader#read]
    public Tail open(RangeQuery query) {
        RangeQuery effective = query.start() instanceof StartPosition.Time instant
                ? query.matching(query.filter().withNotBefore(instant.notBefore()))
                : query;
        Starts.Resolved resolved =
                starts.resolve(query, ReadTime.of(clock, query.bounds().time()));
        return open(effective, resolved.starts(), Map.of());
    }

    /// Goes on behind the last event of an earlier tail, wherever that ran. What was deleted meanwhile comes as
    /// [TailEvent.Skipped]; partitions that were added meanwhile are read from their beginning.
    ///
    /// @param query its start is not used
    /// @throws OffsetOutsideLog when the vector is beyond the end: the topic is another one
    public Tail resume(RangeQuery query, OffsetVector vector) {
        Starts.Resolved all = starts.resolve(
                query.from(new StartPosition.Earliest()),
                ReadTime.of(clock, query.bounds().time()));
        Map<TopicPartition, OffsetRange> ends =
                topics.bounds(all.starts().keySet(), Isolation.READ_UNCOMMITTED.level());
        Map<TopicPartition, Long> from = new HashMap<>();
        Map<TopicPartition, OffsetRange> lost = new HashMap<>();
        new TreeMap<>(byNumber(ends)).forEach((number, bound) -> {
            long wanted = vector.next().getOrDefault(number, bound.log().from());
            if (wanted > bound.log().to()) {
                throw new OffsetOutsideLog(bound.partition(), wanted, bound.log());
            }
            from.put(bound.partition(), Math.max(wanted, bound.log().from()));
            if (wanted < bound.log().from()) {
                lost.put(bound.partition(), new OffsetRange(wanted, bound.log().from()));
            }
        });
        return open(query, from, lost);
    }

    private record Bound(TopicPartition partition, OffsetRange log) {}

    private static Map<Integer, Bound> byNumber(Map<TopicPartition, OffsetRange> bounds) {
        Map<Integer, Bound> byNumber = new HashMap<>();
        bounds.forEach((partition, log) -> byNumber.put(partition.partition(), new Bound(partition, log)));
        return byNumber;
    }

    private Tail open(RangeQuery query, Map<TopicPartition, Long> from, Map<TopicPartition, OffsetRange> lost) {
        return new ConsumerTail(
                consumers.open(query.isolation(), RECORDS_PER_POLL),
                partitions -> topics.bounds(partitions, query.isolation().level()),
                query,
                from,
                lost);
    }
}

package io.weir.log.read;

import io.weir.log.topic.TopicName;
import java.util.OptionalInt;

/// One bounded, stateless read.
///
/// @param partition empty: all of them, ordered within each only
public record RangeQuery(
        TopicName topic,
        OptionalInt partition,
        StartPosition start,
        Isolation isolation,
        RecordFilter filter,
        ReadBounds bounds) {
    /// From the beginning, committed records only, without a filter, within the default bounds.
    public static RangeQuery of(TopicName topic) {
        return new RangeQuery(
                topic,
                OptionalInt.empty(),
                new StartPosition.Earliest(),
                Isolation.READ_COMMITTED,
                RecordFilter.none(),
                ReadBounds.defaults());
    }

    public RangeQuery from(StartPosition position) {
        return new RangeQuery(topic, partition, position, isolation, filter, bounds);
    }

    public RangeQuery ofPartition(int number) {
        return new RangeQuery(topic, OptionalInt.of(number), start, isolation, filter, bounds);
    }

    public RangeQuery within(ReadBounds newBounds) {
        return new RangeQuery(topic, partition, start, isolation, filter, newBounds);
    }

    public RangeQuery matching(RecordFilter newFilter) {
        return new RangeQuery(topic, partition, start, isolation, newFilter, bounds);
    }
}

package io.weir.streams.topology;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import io.weir.streams.replay.RecordTime;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.serialization.Deserializer;

/// The event times of a plan's sources as its topology will see them: a stream that takes them from a field has its
/// rows read for it. A topic that two stages read with different times counts by its first.
final class SourceTimes {
    private final Map<String, RecordTime> times = new HashMap<>();

    SourceTimes(Plan plan, Clock clock) {
        for (Stage stage : plan.stages()) {
            if (stage instanceof Stage.Source source && !source.table() && source.eventTime() != null) {
                times.putIfAbsent(source.topic(), time(source, clock));
            }
        }
    }

    RecordTime of(String topic) {
        return times.getOrDefault(topic, RecordTime.TIMESTAMP);
    }

    /// A row without a usable time goes to the dead letters, wherever it stands.
    private static RecordTime time(Stage.Source source, Clock clock) {
        EventTime time = new EventTime(source.eventTime(), clock);
        Deserializer<Object> rows = new RowFormat(source.type(), Json.mapper()).deserializer();
        return record -> {
            try {
                Object row = rows.deserialize(record.topic(), record.value());
                return time.peek(new ConsumerRecord<>(
                        record.topic(),
                        record.partition(),
                        record.offset(),
                        record.timestamp(),
                        record.timestampType(),
                        0,
                        0,
                        record.key(),
                        row,
                        record.headers(),
                        record.leaderEpoch()));
            } catch (RuntimeException e) {
                return RecordTime.NONE;
            }
        };
    }
}

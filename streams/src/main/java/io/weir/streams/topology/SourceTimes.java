package io.weir.streams.topology;

import io.weir.streams.dsl.Field;
import io.weir.streams.dsl.Format;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stage;
import io.weir.streams.replay.RecordTime;
import java.time.Clock;
import java.util.HashMap;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.streams.StreamsBuilder;

/// The event times and rows of a plan's sources as its topology will see them: a stream that takes them from a field
/// has its
/// rows read for it, as far as that field if they are JSON. A topic that two stages read with different times counts
/// by its first.
final class SourceTimes {
    private final Map<String, RecordTime> times = new HashMap<>();
    private final Map<String, UnaryOperator<ConsumerRecord<byte[], byte[]>>> ahead = new HashMap<>();

    /// @param outputs of the plan; not used, a compilation has them
    SourceTimes(Plan plan, Clock clock, OutputTopics outputs, SchemaLookup schemas) {
        Compilation formats = new Compilation(plan, clock, new StageCounters(), new StreamsBuilder(), outputs, schemas);
        for (Stage stage : plan.stages()) {
            if (stage instanceof Stage.Source source && !source.table()) {
                if (source.eventTime() != null) {
                    times.putIfAbsent(source.topic(), time(source, formats));
                }
                if (plan.sources().stream().filter(source.topic()::equals).count() == 1) {
                    ahead.put(source.topic(), reading(source, formats));
                }
            }
        }
    }

    RecordTime of(String topic) {
        RecordTime time = times.getOrDefault(topic, RecordTime.TIMESTAMP);
        return record -> {
            if (record.headers() instanceof RowAhead read) {
                return read.millis();
            }
            FoldedHeader folded = FoldedHeader.in(record.headers());
            return folded == null ? time.of(record) : folded.millis();
        };
    }

    /// The record with its row read, if that can be done here: what cannot is left to the topology, which sees to it
    /// that nothing is lost. May be called by any thread.
    ConsumerRecord<byte[], byte[]> readAhead(ConsumerRecord<byte[], byte[]> record) {
        if (FoldedHeader.in(record.headers()) != null) {
            return record;
        }
        return ahead.getOrDefault(record.topic(), UnaryOperator.identity()).apply(record);
    }

    private static UnaryOperator<ConsumerRecord<byte[], byte[]>> reading(Stage.Source source, Compilation formats) {
        EventTime time = new EventTime(source.eventTime(), formats.clock);
        Deserializer<Object> rows = formats.values(source).deserializer();
        return record -> {
            try {
                Object row = rows.deserialize(record.topic(), record.headers(), record.value());
                return row == null
                        ? record
                        : with(
                                new RowAhead(record.headers(), row, time.peek(with(record.headers(), record, row))),
                                record,
                                record.value());
            } catch (RuntimeException e) {
                return record;
            }
        };
    }

    private static <V> ConsumerRecord<byte[], V> with(Headers headers, ConsumerRecord<byte[], byte[]> record, V value) {
        return new ConsumerRecord<>(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key(),
                value,
                headers,
                record.leaderEpoch());
    }

    /// A row without a usable time goes to the dead letters, wherever it stands.
    private static RecordTime time(Stage.Source source, Compilation formats) {
        EventTime time = new EventTime(source.eventTime(), formats.clock);
        Deserializer<Object> rows = formats.values(source).deserializer();
        JsonTime field = source.format() == Format.JSON && source.eventTime() instanceof Field of
                ? new JsonTime(of.name())
                : null;
        return record -> {
            long quick = field == null ? RecordTime.NONE : field.of(record.value());
            if (quick != RecordTime.NONE && time.usable(quick)) {
                return quick;
            }
            try {
                Object row = rows.deserialize(record.topic(), record.value());
                return time.peek(with(record.headers(), record, row));
            } catch (RuntimeException e) {
                return RecordTime.NONE;
            }
        };
    }
}

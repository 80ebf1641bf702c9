package io.weir.streams.topology;

import io.weir.streams.dsl.Both;
import io.weir.streams.dsl.Column;
import io.weir.streams.dsl.Comparison;
import io.weir.streams.dsl.Constant;
import io.weir.streams.dsl.Expr;
import io.weir.streams.dsl.Field;
import io.weir.streams.dsl.Opaque;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.streams.processor.TimestampExtractor;
import org.jspecify.annotations.Nullable;

/// Gives each record of a source its event time, and notes the records that have none in [1970, now + 1
/// day]. Such a record must not move any clock: it gets the time of its predecessor here, and the stage
/// behind the source sends it to the dead letter topic.
final class EventTime implements TimestampExtractor {
    static final Duration AHEAD = Duration.ofDays(1);

    private record Position(String topic, int partition, long offset) {}

    private final @Nullable Column<Object, @Nullable Object> column;
    private final Clock clock;
    /// What is wrong, by record; taken out when the record is processed. Streams reads one record ahead, so
    /// there may be two of a partition.
    private final Map<Position, String> flaws = new ConcurrentHashMap<>();

    EventTime(@Nullable Expr eventTime, Clock clock) {
        this.clock = clock;
        this.column = switch (eventTime) {
            case null -> null;
            case Field field -> field.code();
            case Opaque opaque -> opaque.column();
            case Constant constant -> throw new IllegalStateException("no time: " + constant);
            case Both both -> throw new IllegalStateException("no time: " + both);
            case Comparison comparison -> throw new IllegalStateException("no time: " + comparison);
        };
    }

    @Override
    public long extract(ConsumerRecord<Object, Object> record, long partitionTimeMillis) {
        if (record.value() instanceof FoldedRows folded) {
            return Math.max(0, folded.counts().gateMillis());
        }
        try {
            long millis = time(record);
            if (millis < 0 || millis > clock.millis() + AHEAD.toMillis()) {
                throw new IllegalArgumentException(
                        "event time must lie between 1970 and tomorrow, got " + shown(millis));
            }
            return millis;
        } catch (RuntimeException e) {
            String text = e instanceof IllegalArgumentException ? String.valueOf(e.getMessage()) : e.toString();
            if (record.value() != null) {
                flaws.put(new Position(record.topic(), record.partition(), record.offset()), text);
            }
            return Math.max(0, partitionTimeMillis);
        }
    }

    /// The time of a record that is not processed yet; throws for one without a usable time.
    long peek(ConsumerRecord<?, ?> record) {
        long millis = time(record);
        if (!usable(millis)) {
            throw new IllegalArgumentException("no event time: " + millis);
        }
        return millis;
    }

    boolean usable(long millis) {
        return millis >= 0 && millis <= clock.millis() + AHEAD.toMillis();
    }

    /// What is wrong with the time of a record, or null; tells it once.
    @Nullable
    String takeFlaw(String topic, int partition, long offset) {
        return flaws.isEmpty() ? null : flaws.remove(new Position(topic, partition, offset));
    }

    /// For a table, whose rows are only ever asked for as they are now.
    static TimestampExtractor ofTable(Clock clock) {
        EventTime time = new EventTime(null, clock);
        return (record, partitionTimeMillis) -> {
            long millis = time.extract(record, partitionTimeMillis);
            time.flaws.clear();
            return millis;
        };
    }

    private long time(ConsumerRecord<?, ?> record) {
        Column<Object, @Nullable Object> of = column;
        Object row = record.value();
        if (of == null || row == null) {
            return record.timestamp();
        }
        if (of.of(row) instanceof Instant instant) {
            return instant.toEpochMilli();
        }
        throw new IllegalArgumentException("event time is null");
    }

    private static String shown(long millis) {
        return millis < 0 ? millis + " ms" : Instant.ofEpochMilli(millis).toString();
    }
}

package io.weir.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.replay.RecordTime;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.serialization.Deserializer;
import org.junit.jupiter.api.Test;

/// Rows and event times that are read before the topology asks for them.
class SourceTimesTest {
    private static final long AT = Instant.parse("2001-01-01T00:00:01.250Z").toEpochMilli();

    private final SourceTimes times = new SourceTimes(
            Plan.of("copy", new Copy()), Clock.systemUTC(), new OutputTopics(Map.of()), KafkaStreamsRunner.NO_SCHEMAS);

    record Click(Instant at, long cents) {}

    static final class Copy implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("clicks", Click.class).eventTime(Click::at).to("copies");
        }
    }

    @Test
    void aRowThatWasReadAheadIsGivenOnceAndReadAgainAfterwards() {
        ConsumerRecord<byte[], byte[]> record = record("{\"at\":\"2001-01-01T00:00:01.250Z\",\"cents\":7}");

        ConsumerRecord<byte[], byte[]> ahead = times.readAhead(record);

        assertThat(ahead.headers().toArray()).containsExactly(new RecordHeader("h", new byte[] {1}));
        assertThat(ahead.value()).isSameAs(record.value());
        assertThat(ahead.offset()).isEqualTo(17);
        assertThat(ahead.leaderEpoch()).contains(3);
        assertThat(times.of("clicks").of(ahead)).isEqualTo(AT);
        Click row = new Click(Instant.ofEpochMilli(AT), 7);
        Deserializer<Object> rows = RowAhead.or((topic, bytes) -> "read again");
        assertThat(rows.deserialize("clicks", ahead.headers(), ahead.value())).isEqualTo(row);
        assertThat(rows.deserialize("clicks", ahead.headers(), ahead.value())).isEqualTo("read again");
        assertThat(rows.deserialize("clicks", record.headers(), record.value())).isEqualTo("read again");
    }

    @Test
    void whatCannotBeReadIsLeftAsItIs() {
        for (String value : new String[] {"", "{", "{\"at\":\"2001-01-01T00:00:01.250Z\",\"cents\":\"x\"}", "null"}) {
            ConsumerRecord<byte[], byte[]> record = record(value);
            assertThat(times.readAhead(record)).as(value).isSameAs(record);
        }
        ConsumerRecord<byte[], byte[]> tomorrow = record("{\"at\":\"9999-01-01T00:00:01.250Z\",\"cents\":7}");
        assertThat(times.readAhead(tomorrow)).isSameAs(tomorrow);
        assertThat(times.of("clicks").of(tomorrow)).isEqualTo(RecordTime.NONE);
        ConsumerRecord<byte[], byte[]> tombstone = record(null);
        assertThat(times.readAhead(tombstone)).isSameAs(tombstone);
        ConsumerRecord<byte[], byte[]> other =
                new ConsumerRecord<>("others", 0, 1, new byte[0], record("{}").value());
        assertThat(times.readAhead(other)).isSameAs(other);
    }

    @Test
    void aRowThatWasNotReadAheadFailsWhereItIsAskedFor() {
        Deserializer<Object> rows = RowAhead.or((topic, bytes) -> {
            throw new SerializationException("no Click");
        });
        ConsumerRecord<byte[], byte[]> record = record("{");
        assertThatThrownBy(() -> rows.deserialize("clicks", record.headers(), record.value()))
                .hasMessage("no Click");
    }

    private static ConsumerRecord<byte[], byte[]> record(String value) {
        byte[] bytes = value == null ? null : value.getBytes(StandardCharsets.UTF_8);
        RecordHeaders headers = new RecordHeaders();
        headers.add("h", new byte[] {1});
        return new ConsumerRecord<>(
                "clicks",
                0,
                17,
                5,
                TimestampType.CREATE_TIME,
                0,
                bytes == null ? -1 : bytes.length,
                new byte[0],
                bytes,
                headers,
                Optional.of(3));
    }
}

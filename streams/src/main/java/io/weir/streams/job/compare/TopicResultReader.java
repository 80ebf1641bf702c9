package io.weir.streams.job.compare;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/// [ResultReader] over Kafka's consumer, one per read. Safe for use by any thread.
public final class TopicResultReader implements ResultReader {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    private final Map<String, Object> client;
    private final Clock clock;

    /// @param client how to reach the log
    public TopicResultReader(Map<String, Object> client, Clock clock) {
        this.client = Map.copyOf(client);
        this.clock = clock;
    }

    @Override
    public void read(String topic, int partition, long from, long to, Consumer<ResultRow> sink) {
        scan(topic, partition, from, to, record -> {
            if (record.key() != null) {
                sink.accept(new ResultRow(
                        Bytes.wrap(record.key()), Bytes.wrap(record.value()), record.timestamp(), headers(record)));
            }
            return true;
        });
    }

    @Override
    public boolean holdsRecords(String topic, int partition, long from, long to) {
        boolean[] found = new boolean[1];
        scan(topic, partition, from, to, record -> {
            found[0] = true;
            return false;
        });
        return found[0];
    }

    /// @param goOn false ends the scan
    private void scan(String topic, int partition, long from, long to, Predicate<ConsumerRecord<byte[], byte[]>> goOn) {
        if (from >= to) {
            return;
        }
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", 5_000);
        TopicPartition at = new TopicPartition(topic, partition);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(at));
            consumer.seek(at, from);
            Instant moved = clock.instant();
            long position = from;
            while (position < to) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(at)) {
                    if (record.offset() >= to || !goOn.test(record)) {
                        return;
                    }
                }
                long now = consumer.position(at);
                if (now != position) {
                    position = now;
                    moved = clock.instant();
                } else if (Duration.between(moved, clock.instant()).compareTo(SILENCE) > 0) {
                    throw unreachable(
                            "Topic '" + topic + "': partition " + partition + " gave nothing for " + SILENCE.toSeconds()
                                    + " s at offset " + position + ", wanted up to " + to + ".",
                            null);
                }
            }
        } catch (KafkaException e) {
            throw unreachable("Topic '" + topic + "': could not be read: " + e.getMessage() + ".", e);
        }
    }

    private static Map<String, String> headers(ConsumerRecord<byte[], byte[]> record) {
        Map<String, String> headers = new HashMap<>();
        for (Header header : record.headers()) {
            if (header.value() != null) {
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8));
            }
        }
        return headers;
    }

    private static WeirException unreachable(String message, @Nullable Throwable cause) {
        return new WeirException("log-unreachable", Whose.EXTERNAL, message, cause);
    }
}

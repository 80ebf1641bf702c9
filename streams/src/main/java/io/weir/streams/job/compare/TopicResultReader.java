package io.weir.streams.job.compare;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.replay.RecordTime;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/// [ResultReader] over Kafka's consumer. Safe for use by any thread; one consumer is kept between reads,
/// because making
/// one takes longer than a small read, and outputs stand still meanwhile. Whoever made it closes it.
public final class TopicResultReader implements ResultReader, AutoCloseable {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration SILENCE = Duration.ofSeconds(30);

    /// A consumer asks for what follows as soon as it has read a range, and its next range waits for that
    /// answer. With
    /// Kafka's 500 ms two versions of four partitions took 8 s of waiting.
    private static final int FETCH_WAIT_MILLIS = 10;

    private final Map<String, Object> client;
    private final Clock clock;
    private final AtomicReference<@Nullable KafkaConsumer<byte[], byte[]>> idle = new AtomicReference<>();

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
    public void records(
            String topic, int partition, long from, long to, Consumer<ConsumerRecord<byte[], byte[]>> sink) {
        scan(topic, partition, from, to, record -> {
            sink.accept(record);
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

    @Override
    public long firstReaching(String topic, int partition, long from, long to, RecordTime time, long millis) {
        long[] found = {to};
        scan(topic, partition, from, to, record -> {
            long at = time.of(record);
            if (at == RecordTime.NONE || at < millis) {
                return true;
            }
            found[0] = record.offset();
            return false;
        });
        return found[0];
    }

    /// @param goOn false ends the scan
    private void scan(String topic, int partition, long from, long to, Predicate<ConsumerRecord<byte[], byte[]>> goOn) {
        if (from >= to) {
            return;
        }
        TopicPartition at = new TopicPartition(topic, partition);
        KafkaConsumer<byte[], byte[]> consumer = take();
        boolean usable = false;
        try {
            consumer.assign(List.of(at));
            consumer.seek(at, from);
            scan(consumer, at, to, goOn);
            usable = true;
        } catch (KafkaException e) {
            throw unreachable("Topic '" + topic + "': could not be read: " + e.getMessage() + ".", e);
        } finally {
            putBack(consumer, usable);
        }
    }

    private void scan(
            KafkaConsumer<byte[], byte[]> consumer,
            TopicPartition at,
            long to,
            Predicate<ConsumerRecord<byte[], byte[]>> goOn) {
        Instant moved = clock.instant();
        long position = consumer.position(at);
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
                        "Topic '" + at.topic() + "': partition " + at.partition() + " gave nothing for "
                                + SILENCE.toSeconds() + " s at offset " + position + ", wanted up to " + to + ".",
                        null);
            }
        }
    }

    private KafkaConsumer<byte[], byte[]> take() {
        KafkaConsumer<byte[], byte[]> kept = idle.getAndSet(null);
        if (kept != null) {
            return kept;
        }
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", false);
        settings.put("auto.offset.reset", "earliest");
        settings.put("max.poll.records", 5_000);
        settings.put("fetch.max.wait.ms", FETCH_WAIT_MILLIS);
        return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private void putBack(KafkaConsumer<byte[], byte[]> consumer, boolean usable) {
        if (usable) {
            consumer.unsubscribe();
        }
        if (!usable || !idle.compareAndSet(null, consumer)) {
            consumer.close(CloseOptions.timeout(Duration.ZERO));
        }
    }

    @Override
    public void close() {
        KafkaConsumer<byte[], byte[]> kept = idle.getAndSet(null);
        if (kept != null) {
            kept.close(CloseOptions.timeout(Duration.ZERO));
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

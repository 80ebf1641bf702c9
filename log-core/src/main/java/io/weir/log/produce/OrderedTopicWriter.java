package io.weir.log.produce;

import io.weir.log.cluster.LogConnection;
import io.weir.log.produce.WriteFailed.Reason;
import io.weir.log.record.RecordHeader;
import io.weir.log.topic.Offset;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// One Kafka producer and one daemon thread that waits for its acknowledgements in the order of the writes and
/// completes their stages. Kafka's network thread runs none of the caller's code.
final class OrderedTopicWriter implements TopicWriter {
    private static final int MOST_INCOMPLETE = 65_536;
    private static final Duration LONGEST_REQUEST = Duration.ofSeconds(10);

    private final Producer<byte[], byte[]> producer;
    private final WriterSettings settings;
    private final BlockingQueue<Step> steps = new LinkedBlockingQueue<>();
    private final Semaphore room = new Semaphore(MOST_INCOMPLETE);
    private final Thread completer;
    private volatile boolean closed;

    OrderedTopicWriter(Producer<byte[], byte[]> producer, WriterSettings settings) {
        this.producer = producer;
        this.settings = settings;
        this.completer = Thread.ofPlatform().daemon().name("weir-writer").unstarted(this::completeInOrder);
    }

    static TopicWriter open(LogConnection connection, WriterSettings settings) {
        OrderedTopicWriter writer = new OrderedTopicWriter(
                new KafkaProducer<>(
                        properties(connection, settings), new ByteArraySerializer(), new ByteArraySerializer()),
                settings);
        writer.start();
        return writer;
    }

    void start() {
        completer.start();
    }

    @Override
    public CompletionStage<Written> write(NewRecord record) {
        CompletableFuture<Written> stage = new CompletableFuture<>();
        if (closed) {
            stage.completeExceptionally(
                    new WriteFailed(Reason.CLOSED, record.topic(), "the writer is closed, nothing was written.", null));
            return stage.minimalCompletionStage();
        }
        steps.add(admitted(record, stage));
        if (closed && !completer.isAlive()) {
            failTheRest();
        }
        return stage.minimalCompletionStage();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        producer.close(settings.delivery());
        steps.add(new End());
        if (Thread.currentThread().equals(completer)) {
            return;
        }
        try {
            completer.join(settings.delivery());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        failTheRest();
    }

    private sealed interface Step permits Pending, End {}

    /// One write between hand-over and completion.
    ///
    /// @param holdsRoom whether its completion gives room back
    private record Pending(
            NewRecord record, Future<RecordMetadata> sent, CompletableFuture<Written> stage, boolean holdsRoom)
            implements Step {}

    /// Ends the completing thread.
    private record End() implements Step {}

    private Pending admitted(NewRecord record, CompletableFuture<Written> stage) {
        if (Thread.currentThread().equals(completer)) {
            // a dependent that writes again must not wait for itself
            return new Pending(record, send(record), stage, false);
        }
        try {
            if (room.tryAcquire(settings.longestWait().toNanos(), TimeUnit.NANOSECONDS)) {
                return new Pending(record, send(record), stage, true);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        String words = "nothing was written: " + MOST_INCOMPLETE + " earlier records are not complete yet.";
        WriteFailed refused = new WriteFailed(Reason.TIMED_OUT, record.topic(), words, null);
        return new Pending(record, CompletableFuture.failedFuture(refused), stage, false);
    }

    private Future<RecordMetadata> send(NewRecord record) {
        Instant timestamp = record.timestamp();
        ProducerRecord<byte[], byte[]> outgoing = new ProducerRecord<>(
                record.topic().value(),
                record.partition(),
                timestamp == null ? null : timestamp.toEpochMilli(),
                record.content().key(),
                record.content().value());
        for (RecordHeader header : record.content().headers()) {
            outgoing.headers().add(header.name(), header.value());
        }
        try {
            return producer.send(outgoing);
        } catch (KafkaException | IllegalStateException | IllegalArgumentException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void completeInOrder() {
        try {
            while (steps.take() instanceof Pending next) {
                complete(next);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void complete(Pending pending) throws InterruptedException {
        TopicName topic = pending.record().topic();
        try {
            RecordMetadata place = pending.sent().get();
            if (place.hasOffset()) {
                pending.stage().complete(written(topic, place, pending.record()));
            } else {
                String words = "the record is written, but the broker recognised a retry and gave no offset.";
                pending.stage().completeExceptionally(new WriteFailed(Reason.OFFSET_UNKNOWN, topic, words, null));
            }
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            pending.stage()
                    .completeExceptionally(cause instanceof WriteFailed known ? known : WriteFailed.of(topic, cause));
        } finally {
            if (pending.holdsRoom()) {
                room.release();
            }
        }
    }

    private static Written written(TopicName topic, RecordMetadata place, NewRecord record) {
        Instant asked = record.timestamp();
        Instant timestamp = place.hasTimestamp() || asked == null ? Instant.ofEpochMilli(place.timestamp()) : asked;
        return new Written(topic, place.partition(), new Offset(place.offset()), timestamp);
    }

    private void failTheRest() {
        for (Step step = steps.poll(); step != null; step = steps.poll()) {
            if (step instanceof Pending pending) {
                String words = "the writer was closed, the record may or may not be written.";
                pending.stage()
                        .completeExceptionally(
                                new WriteFailed(Reason.CLOSED, pending.record().topic(), words, null));
            }
        }
    }

    private static Map<String, Object> properties(LogConnection connection, WriterSettings settings) {
        Duration delivery = settings.delivery();
        Duration request = delivery.compareTo(LONGEST_REQUEST) < 0 ? delivery : LONGEST_REQUEST;
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ProducerConfig.CLIENT_ID_CONFIG, "weir-writer");
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        // One at a time: a partition that has just been created may refuse a first request and take the second, after
        // which the first can never be written (KAFKA-15591, open in 4.3.1).
        properties.put(ProducerConfig.MAX_IN_FLIGHT_REQUESTS_PER_CONNECTION, 1);
        properties.put(
                ProducerConfig.MAX_BLOCK_MS_CONFIG, settings.longestWait().toMillis());
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) request.toMillis());
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, (int) delivery.toMillis());
        return properties;
    }
}

package io.weir.log.produce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.produce.WriteFailed.Reason;
import io.weir.log.topic.Offset;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.MockProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(20)
class OrderedTopicWriterTest {
    private static final TopicName ORDERS = TopicName.of("orders");
    private static final WriterSettings SETTINGS = new WriterSettings(Duration.ofMillis(200), Duration.ofSeconds(2));

    private final MockProducer<byte[], byte[]> log =
            new MockProducer<>(false, null, new ByteArraySerializer(), new ByteArraySerializer());
    private final OrderedTopicWriter writer = started(new OrderedTopicWriter(log, SETTINGS));

    @AfterEach
    void close() {
        writer.close();
    }

    @Test
    void writtenTellsWhereTheRecordLies() {
        CompletionStage<Written> stage = writer.write(record("a").at(Instant.ofEpochMilli(42)));
        log.completeNext();

        Written written = join(stage);
        assertThat(written.topic()).isEqualTo(ORDERS);
        assertThat(written.offset()).isEqualTo(new Offset(0));
    }

    @Test
    void stagesCompleteInTheOrderOfTheWritesOnTheWritersThread() {
        ConcurrentLinkedQueue<String> completed = new ConcurrentLinkedQueue<>();
        CompletionStage<?> first = writer.write(record("a"))
                .thenRun(() -> completed.add("first " + Thread.currentThread().getName()));
        CompletionStage<?> second = writer.write(record("b")).handle((w, e) -> completed.add("second"));

        log.completeNext();
        log.errorNext(new TimeoutException("late"));
        join(first);
        join(second);

        assertThat(completed).containsExactly("first weir-writer", "second");
    }

    @Test
    void anUnknownOffsetIsAFailureAndNeverMinusOne() {
        OrderedTopicWriter deduplicated = started(new OrderedTopicWriter(new WithoutOffsets(), SETTINGS));

        assertThat(reasonOf(deduplicated.write(record("a")))).isEqualTo(Reason.OFFSET_UNKNOWN);
        deduplicated.close();
    }

    @Test
    void failuresTellWhatHappenedToTheRecord() {
        List<RuntimeException> causes = List.of(
                new RecordTooLargeException("2 MB"),
                new TopicAuthorizationException("orders"),
                new TimeoutException("expired"),
                new TimeoutException("not in metadata", new UnknownTopicOrPartitionException("orders")),
                new IllegalStateException("boom"));
        List<CompletionStage<Written>> stages =
                causes.stream().map(cause -> writer.write(record("a"))).toList();
        causes.forEach(log::errorNext);

        assertThat(stages.stream().map(OrderedTopicWriterTest::reasonOf))
                .containsExactly(
                        Reason.TOO_LARGE, Reason.NOT_ALLOWED, Reason.TIMED_OUT, Reason.TOPIC_UNKNOWN, Reason.REFUSED);
    }

    @Test
    void aDependentMayWriteAgain() {
        CompletionStage<Written> second = writer.write(record("a")).thenCompose(written -> writer.write(record("b")));
        log.completeNext();
        while (!log.completeNext()) {
            Thread.onSpinWait();
        }

        assertThat(join(second).offset()).isEqualTo(new Offset(1));
    }

    @Test
    void closeFailsWhatABlockedDependentHoldsUp() {
        CountDownLatch forever = new CountDownLatch(1);
        writer.write(record("a")).thenRun(() -> awaitQuietly(forever));
        CompletionStage<Written> behind = writer.write(record("b"));
        log.completeNext();
        log.completeNext();

        writer.close();

        assertThat(reasonOf(behind)).isEqualTo(Reason.CLOSED);
        forever.countDown();
    }

    @Test
    void aClosedWriterRefuses() {
        writer.close();

        assertThat(reasonOf(writer.write(record("a")))).isEqualTo(Reason.CLOSED);
    }

    @Test
    void settingsWithoutTimeAreRefused() {
        assertThatThrownBy(() -> new WriterSettings(Duration.ZERO, Duration.ofSeconds(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }

    /// A broker that recognises a retry answers without an offset.
    private static final class WithoutOffsets extends MockProducer<byte[], byte[]> {
        WithoutOffsets() {
            super(true, null, new ByteArraySerializer(), new ByteArraySerializer());
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record, Callback callback) {
            return CompletableFuture.completedFuture(
                    new RecordMetadata(new TopicPartition(record.topic(), 0), -1, -1, 1, 0, 0));
        }

        @Override
        public synchronized Future<RecordMetadata> send(ProducerRecord<byte[], byte[]> record) {
            return send(record, null);
        }
    }

    private static OrderedTopicWriter started(OrderedTopicWriter writer) {
        writer.start();
        return writer;
    }

    private static NewRecord record(String key) {
        return NewRecord.of(ORDERS, key.getBytes(java.nio.charset.StandardCharsets.UTF_8), new byte[] {1});
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(10, TimeUnit.SECONDS).join();
    }

    private static Reason reasonOf(CompletionStage<Written> stage) {
        try {
            join(stage);
            throw new AssertionError("The write did not fail.");
        } catch (CompletionException e) {
            return ((WriteFailed) e.getCause()).reason();
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

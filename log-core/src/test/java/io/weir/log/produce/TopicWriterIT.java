package io.weir.log.produce;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.log.record.RecordHeader;
import io.weir.log.testing.RunningLog;
import io.weir.log.topic.TopicName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

@Timeout(60)
class TopicWriterIT {
    @RegisterExtension
    static final RunningLog LOG = new RunningLog();

    private static TopicWriter writer;

    @BeforeAll
    static void open() {
        writer = TopicWriter.open(LOG.connection(), new WriterSettings(Duration.ofSeconds(8), Duration.ofSeconds(20)));
    }

    @AfterAll
    static void close() {
        writer.close();
    }

    @Test
    void writtenCarriesTheOffsetAConsumerSees() throws Exception {
        TopicName topic = LOG.newTopic("seen", 3, Map.of());
        List<CompletionStage<Written>> stages = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            stages.add(writer.write(NewRecord.of(topic, bytes("key-" + i % 11), bytes("value-" + i))
                    .at(Instant.ofEpochMilli(1_000_000L + i))
                    .withHeaders(List.of(new RecordHeader("n", bytes(String.valueOf(i)))))));
        }

        for (CompletionStage<Written> stage : stages) {
            join(stage);
        }
        Map<String, ConsumerRecord<String, byte[]>> seen = readAll(topic, 3, 300);
        for (int i = 0; i < 300; i++) {
            Written written = join(stages.get(i));
            ConsumerRecord<String, byte[]> record = seen.get(written.partition() + "@" + written.offset());
            assertThat(record.value()).asString().isEqualTo("value-" + i);
            assertThat(record.timestamp()).isEqualTo(written.timestamp().toEpochMilli());
            assertThat(record.headers().lastHeader("n").value()).asString().isEqualTo(String.valueOf(i));
        }
    }

    @Test
    void aBlockingDependentDoesNotStallTheProducer() throws Exception {
        TopicName topic = LOG.newTopic("blocked", 1, Map.of());
        CountDownLatch release = new CountDownLatch(1);
        CompletionStage<Void> blocked =
                writer.write(NewRecord.of(topic, null, bytes("first"))).thenAccept(written -> awaitQuietly(release));
        List<CompletionStage<Written>> behind = IntStream.range(0, 50)
                .mapToObj(i -> writer.write(NewRecord.of(topic, null, bytes("n" + i))))
                .toList();

        // all of them reach the log while no stage can complete
        Awaitility.await().atMost(Duration.ofSeconds(10)).until(() -> endOf(topic) == 51);
        assertThat(behind.getFirst().toCompletableFuture()).isNotDone();

        release.countDown();
        join(blocked);
        assertThat(join(behind.getLast()).offset().value()).isEqualTo(50);
    }

    /// A topic whose creation is answered before its leaders serve can lose the first of several requests: seen on the
    /// seventh topic of a run like this one (KAFKA-15591).
    @Test
    void aTopicThatWasCreatedTakesSeveralRequestsAtOnce() throws Exception {
        Map<String, Object> properties = LOG.connection().clientProperties();
        properties.putAll(Map.of(
                "delivery.timeout.ms", 6_000, "request.timeout.ms", 3_000, "max.in.flight.requests.per.connection", 5));
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int round = 0; round < 20; round++) {
                TopicName topic = LOG.newTopic("fresh", 3, Map.of());
                List<Future<RecordMetadata>> sent = new ArrayList<>();
                for (int i = 0; i < 300; i++) {
                    sent.add(producer.send(new ProducerRecord<>(topic.value(), i % 3, null, bytes("v" + i))));
                }
                for (int i = 0; i < 300; i++) {
                    assertThat(sent.get(i).get().offset()).isEqualTo(i / 3);
                }
            }
        }
    }

    @Test
    void anUnknownTopicFailsTheStage() {
        TopicName nowhere = TopicName.of("not-there");
        // wherever topics are created on demand, this partition still never exists
        NewRecord record = NewRecord.of(nowhere, null, bytes("x")).inPartition(99);

        try {
            join(writer.write(record));
            throw new AssertionError("The write did not fail.");
        } catch (CompletionException e) {
            assertThat(e.getCause()).isInstanceOf(WriteFailed.class).hasMessageStartingWith("Topic 'not-there': ");
        }
    }

    @Test
    void aRecordTooLargeIsTheUsers() throws Exception {
        TopicName topic = LOG.newTopic("large", 1, Map.of("max.message.bytes", "1000"));

        try {
            join(writer.write(NewRecord.of(topic, null, new byte[5_000])));
            throw new AssertionError("The write did not fail.");
        } catch (CompletionException e) {
            assertThat(((WriteFailed) e.getCause()).reason()).isEqualTo(WriteFailed.Reason.TOO_LARGE);
        }
    }

    private static Map<String, ConsumerRecord<String, byte[]>> readAll(TopicName topic, int partitions, int count) {
        Map<String, ConsumerRecord<String, byte[]>> seen = new HashMap<>();
        try (KafkaConsumer<String, byte[]> consumer = new KafkaConsumer<>(
                LOG.connection().clientProperties(), new StringDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> all = IntStream.range(0, partitions)
                    .mapToObj(p -> new TopicPartition(topic.value(), p))
                    .toList();
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
                consumer.poll(Duration.ofMillis(200))
                        .forEach(record -> seen.put(record.partition() + "@" + record.offset(), record));
                return seen.size() >= count;
            });
        }
        return seen;
    }

    private static long endOf(TopicName topic) throws Exception {
        TopicPartition partition = new TopicPartition(topic.value(), 0);
        return LOG.admin()
                .listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static <T> T join(CompletionStage<T> stage) {
        return stage.toCompletableFuture().orTimeout(30, TimeUnit.SECONDS).join();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The joined path on a real node: produce, copy, drop the local copies, read back with a plain consumer.
class ArchiveIT {
    private static final Map<String, String> TIERED = Map.of(
            "remote.storage.enable", "true",
            "segment.bytes", "1048576",
            "retention.ms", "-1",
            "local.retention.ms", "-2",
            "local.retention.bytes", "0");

    @TempDir
    static Path data;

    private static Node node;
    private static String bootstrap;
    private static Admin admin;

    @BeforeAll
    static void startNode() {
        ArchiveBrokerSettings archive = new ArchiveBrokerSettings(data, Duration.ofMillis(500), 2, Map.of());
        node = Node.create(NodeSettings.singleNode(data).withPorts(0, 0).withContributions(archive.brokerProperties()));
        node.start();
        bootstrap = node.awaitRunning(Duration.ofSeconds(60)).kafka().orElseThrow();
        admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    @AfterAll
    static void stopNode() {
        admin.close();
        node.stop(Duration.ofSeconds(20));
    }

    @Test
    void aTieredTopicReadsBackRecordForRecord() throws Exception {
        // Given
        create("tiered", 2, TIERED);
        produce("tiered", 40_000, 7);
        List<ConsumerRecord<byte[], byte[]>> hot = readAll("tiered", 2, "read_uncommitted");

        // When
        awaitTiered("tiered", 2);
        List<ConsumerRecord<byte[], byte[]>> cold = readAll("tiered", 2, "read_uncommitted");

        // Then
        assertThat(hot).hasSize(40_000);
        assertSame(hot, cold);
        try (Stream<Path> files = Files.walk(data.resolve("archive"))) {
            assertThat(files.filter(file -> file.toString().endsWith(".parquet")))
                    .hasSizeGreaterThan(2);
        }
    }

    private static void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
    }

    private static void produce(String topic, int count, long seed) throws Exception {
        Random random = new Random(seed);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "compression.type", "lz4", "linger.ms", "20"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < count; i++) {
                byte[] key = i % 10 == 0 ? null : bytes("key-" + random.nextInt(1000));
                byte[] value = new byte[20 + random.nextInt(200)];
                random.nextBytes(value);
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        topic, i % 2, 978_307_200_000L + i * 1000L, key, i % 17 == 0 ? null : value);
                if (i % 5 == 0) {
                    record.headers().add(new RecordHeader("h", value)).add(new RecordHeader("h", null));
                }
                producer.send(record);
            }
        }
    }

    /// Waits until everything up to the present end is copied and gone locally.
    private static void awaitTiered(String topic, int partitions) throws Exception {
        for (int p = 0; p < partitions; p++) {
            TopicPartition partition = new TopicPartition(topic, p);
            long end = offset(partition, OffsetSpec.latest());
            await().atMost(Duration.ofSeconds(60))
                    .pollInterval(Duration.ofMillis(100))
                    .untilAsserted(() -> {
                        assertThat(offset(partition, OffsetSpec.latestTiered())).isEqualTo(end - 1);
                        assertThat(offset(partition, OffsetSpec.earliestLocal()))
                                .isEqualTo(end);
                    });
        }
    }

    private static long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int partitions, String isolation)
            throws Exception {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            TopicPartition partition = new TopicPartition(topic, p);
            long end = offset(partition, OffsetSpec.latest());
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    Map.of("bootstrap.servers", bootstrap, "isolation.level", isolation),
                    new ByteArrayDeserializer(),
                    new ByteArrayDeserializer())) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                await().atMost(Duration.ofSeconds(60)).until(() -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(all::add);
                    return consumer.position(partition) >= end;
                });
            }
        }
        return all;
    }

    private static void assertSame(
            List<ConsumerRecord<byte[], byte[]>> expected, List<ConsumerRecord<byte[], byte[]>> actual) {
        assertThat(actual).hasSameSizeAs(expected);
        for (int i = 0; i < expected.size(); i++) {
            ConsumerRecord<byte[], byte[]> left = expected.get(i);
            ConsumerRecord<byte[], byte[]> right = actual.get(i);
            assertThat(right.partition()).isEqualTo(left.partition());
            assertThat(right.offset()).isEqualTo(left.offset());
            assertThat(right.timestamp()).isEqualTo(left.timestamp());
            assertThat(right.timestampType()).isEqualTo(left.timestampType());
            assertThat(right.leaderEpoch()).isEqualTo(left.leaderEpoch());
            assertThat(right.key()).isEqualTo(left.key());
            assertThat(right.value()).isEqualTo(left.value());
            assertThat(right.headers()).isEqualTo(left.headers());
        }
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}

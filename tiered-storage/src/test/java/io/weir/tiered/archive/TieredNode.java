package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A real node with the archive in its broker, and what tests do with it through plain Kafka clients.
final class TieredNode implements AutoCloseable {
    static final Map<String, String> TIERED = Map.of(
            "remote.storage.enable", "true",
            "segment.bytes", "1048576",
            "retention.ms", "-1",
            "local.retention.ms", "-2",
            "local.retention.bytes", "0");
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    final Admin admin;
    final String bootstrap;
    private final Node node;

    private TieredNode(Node node) {
        this.node = node;
        this.bootstrap = node.awaitRunning(PATIENCE).kafka().orElseThrow();
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    /// @param plugin settings of the plugin
    /// @param broker Kafka properties over the archive's
    static TieredNode start(Path data, Map<String, String> plugin, Map<String, String> broker) {
        ArchiveBrokerSettings archive = new ArchiveBrokerSettings(data, Duration.ofMillis(500), 2, plugin);
        NodeSettings settings = NodeSettings.singleNode(data)
                .withPorts(0, 0)
                .withContributions(archive.brokerProperties())
                .withBrokerProperties(broker)
                .with("log.flush.interval.messages", "9223372036854775807");
        return new TieredNode(Node.create(settings).start());
    }

    @Override
    public void close() {
        admin.close();
        node.stop(Duration.ofSeconds(20));
    }

    Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", bootstrap);
        return properties;
    }

    void create(String topic, int partitions, Map<String, String> configs) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1).configs(configs)))
                .all()
                .get();
        // the controller answers before the broker knows the topic
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> admin.describeConfigs(List.of(new ConfigResource(ConfigResource.Type.TOPIC, topic)))
                                .all()
                                .get()
                                .size()
                        == 1);
    }

    void produce(String topic, int count, long seed) throws Exception {
        produce(topic, count, seed, 2);
    }

    void produce(String topic, int count, long seed, int partitions) throws Exception {
        Random random = new Random(seed);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                client(Map.of(
                        "compression.type", "lz4", "linger.ms", "20", "max.in.flight.requests.per.connection", "1")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                byte[] key = i % 10 == 0 ? null : bytes("key-" + random.nextInt(1000));
                byte[] value = new byte[20 + random.nextInt(200)];
                random.nextBytes(value);
                ProducerRecord<byte[], byte[]> record = new ProducerRecord<>(
                        topic, i % partitions, 978_307_200_000L + i * 1000L, key, i % 17 == 0 ? null : value);
                if (i % 5 == 0) {
                    record.headers().add(new RecordHeader("h", value)).add(new RecordHeader("h", null));
                }
                sent.add(producer.send(record));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    /// These values to partition 0, in order.
    void produce(String topic, List<byte[]> values) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                client(Map.of("linger.ms", "20", "max.in.flight.requests.per.connection", "1")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (byte[] value : values) {
                sent.add(producer.send(new ProducerRecord<>(topic, 0, 978_307_200_000L + sent.size(), null, value)));
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }
    }

    /// Waits until everything up to the present end is copied and gone locally.
    void awaitTiered(String topic, int partitions) throws Exception {
        for (int p = 0; p < partitions; p++) {
            TopicPartition partition = new TopicPartition(topic, p);
            long end = offset(partition, OffsetSpec.latest());
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(100)).untilAsserted(() -> {
                assertThat(offset(partition, OffsetSpec.latestTiered())).isEqualTo(end - 1);
                assertThat(offset(partition, OffsetSpec.earliestLocal())).isEqualTo(end);
            });
        }
    }

    long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    List<ConsumerRecord<byte[], byte[]>> readAll(String topic, int partitions, Map<String, Object> consumerSettings)
            throws Exception {
        List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
        for (int p = 0; p < partitions; p++) {
            TopicPartition partition = new TopicPartition(topic, p);
            long end = offset(partition, OffsetSpec.latest());
            try (KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(
                    client(consumerSettings), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                await().atMost(PATIENCE).until(() -> {
                    consumer.poll(Duration.ofMillis(200)).forEach(all::add);
                    return consumer.position(partition) >= end;
                });
            }
        }
        return all;
    }

    static void assertSame(List<ConsumerRecord<byte[], byte[]>> expected, List<ConsumerRecord<byte[], byte[]>> actual) {
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

    static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Every other transaction is aborted; batches compress to almost nothing.
    ///
    /// @return values of the committed records
    List<String> produceTransactions(String topic, String codec, int transactions, int recordsEach) {
        List<String> committed = new ArrayList<>();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                client(Map.of("compression.type", codec, "transactional.id", "tx-" + topic, "linger.ms", "50")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            for (int t = 0; t < transactions; t++) {
                producer.beginTransaction();
                boolean abort = t % 2 == 0;
                String value = abort ? "ABORTED" : "committed-" + t;
                for (int i = 0; i < recordsEach; i++) {
                    producer.send(new ProducerRecord<>(topic, 0, null, bytes("k"), bytes(value)));
                    if (!abort) {
                        committed.add(value);
                    }
                }
                if (abort) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        return committed;
    }

    static List<String> values(List<ConsumerRecord<byte[], byte[]>> records) {
        return records.stream()
                .map(record -> new String(record.value(), StandardCharsets.UTF_8))
                .toList();
    }
}

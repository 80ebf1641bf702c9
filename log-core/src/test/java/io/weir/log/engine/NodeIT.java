package io.weir.log.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import io.weir.log.topic.TopicName;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InvalidTimestampException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What every version of the engine must do, seen through a Kafka client and the file system.
class NodeIT {
    private static final Duration START = Duration.ofSeconds(60);
    private static final Duration STOP = Duration.ofSeconds(30);

    @TempDir
    Path data;

    private final List<Node> nodes = new ArrayList<>();

    @AfterEach
    void stopAll() {
        nodes.forEach(node -> node.stop(STOP));
    }

    @Test
    void formatsAnEmptyDirectoryStartsOnPortZeroAndKeepsItsPorts() {
        Endpoints first = start(settings()).awaitRunning(START);
        assertThat(first.nodeId()).isEqualTo(1);
        assertThat(nodes.get(0).state()).isEqualTo(new NodeState.Running());
        assertThat(nodes.get(0).knowsLeader()).isTrue();
        assertThat(data.resolve("meta/meta.properties")).exists();
        assertThat(nodes.get(0).stop(STOP)).isTrue();
        assertThat(nodes.get(0).state()).isEqualTo(new NodeState.Stopped());

        Endpoints second = start(settings()).awaitRunning(START);

        assertThat(second).isEqualTo(first);
    }

    @Test
    void keepsDataOverAStop() throws Exception {
        Endpoints first = start(settings()).awaitRunning(START);
        createTopic(first, "orders");
        produce(first, "orders", "before the stop");
        assertThat(nodes.get(0).stop(STOP)).isTrue();

        Endpoints second = start(settings()).awaitRunning(START);
        produce(second, "orders", "after the stop");

        assertThat(readAll(second, "orders")).containsExactly("before the stop", "after the stop");
    }

    @Test
    void servesTransactionsAndShareGroups() throws Exception {
        Endpoints endpoints = start(settings()).awaitRunning(START);
        createTopic(endpoints, "orders");
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", endpoints.bootstrapServers(), "transactional.id", "teller"),
                new StringSerializer(),
                new StringSerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "aborted")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("orders", "committed")).get();
            producer.commitTransaction();
        }
        assertThat(readAll(endpoints, "orders")).containsExactly("committed");
        assertThat(readShared(endpoints, "orders")).contains("committed");
    }

    /// Kafka 4.3.1 sets memory aside for a frame before it knows who sends it (CVE-2026-111115).
    @Test
    void closesTheConnectionOfAnOversizedFrameAndKeepsServing() throws Exception {
        Endpoints endpoints = start(settings()).awaitRunning(START);
        URI kafka = URI.create("kafka://" + endpoints.bootstrapServers());
        try (Socket hostile = new Socket(kafka.getHost(), kafka.getPort())) {
            hostile.setSoTimeout((int) START.toMillis());
            int length = 4 * 1024 * 1024 + 1;
            hostile.getOutputStream()
                    .write(ByteBuffer.allocate(Integer.BYTES).putInt(length).array());

            assertThat(hostile.getInputStream().read()).isEqualTo(-1);
        }
        createTopic(endpoints, "orders");
        assertThat(readAll(endpoints, "orders")).isEmpty();
    }

    @Test
    void refusesASecondNodeOnTheSameDirectoryAndTheFirstKeepsServing() throws Exception {
        Endpoints endpoints = start(settings()).awaitRunning(START);

        assertThatThrownBy(() -> Node.create(settings()).prepare())
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("process " + ProcessHandle.current().pid())
                .hasMessageContaining(".weir.lock");

        createTopic(endpoints, "orders");
        assertThat(readAll(endpoints, "orders")).isEmpty();
    }

    @Test
    void aTakenPortIsRefusedBeforeAnythingIsFormatted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = taken.getLocalPort();
            assertThatThrownBy(() -> Node.create(settings().withPorts(port, 0)).prepare())
                    .hasMessageContaining("Socket server failed to bind to 127.0.0.1:" + port)
                    .hasMessageContaining("weir.log.port");
            assertThatThrownBy(() -> Node.create(settings().withPorts(0, port)).prepare())
                    .hasMessageContaining("weir.log.controller.port");
        }
        assertThat(data.resolve("meta/meta.properties")).doesNotExist();
        Node.create(settings()).prepare().stop(STOP);
    }

    @Test
    void neverFormatsADirectoryThatLostItsIdentity() throws Exception {
        Endpoints endpoints = start(settings()).awaitRunning(START);
        createTopic(endpoints, "orders");
        produce(endpoints, "orders", "precious");
        nodes.get(0).stop(STOP);
        Path identity = data.resolve("meta/meta.properties");
        byte[] kept = Files.readAllBytes(identity);

        Files.writeString(identity, "");
        assertThatThrownBy(() -> Node.create(settings()).prepare())
                .hasMessageContaining("node ID not found in " + data.resolve("meta"));
        Files.delete(identity);
        assertThatThrownBy(() -> Node.create(settings()).prepare()).hasMessageContaining("meta.properties is missing");
        Files.write(identity, kept);

        assertThat(readAll(start(settings()).awaitRunning(START), "orders")).containsExactly("precious");
    }

    @Test
    void rollClosesTheActiveSegment() throws Exception {
        Endpoints endpoints = start(settings()).awaitRunning(START);
        createTopic(endpoints, "orders");
        produce(endpoints, "orders", "one");
        assertThat(segments("orders")).hasSize(1);

        nodes.get(0).roll(TopicName.of("orders"), 0);
        assertThat(segments("orders")).hasSize(2);
        nodes.get(0).roll(TopicName.of("orders"), 0);
        assertThat(segments("orders")).as("an empty active segment stays").hasSize(2);

        assertThatThrownBy(() -> nodes.get(0).roll(TopicName.of("nowhere"), 0))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.status()).isEqualTo(409));
    }

    @Test
    void topicsGetTheDefaultsOfALogThatForgetsNothing() throws Exception {
        Endpoints endpoints = start(settings()).awaitRunning(START);
        createTopic(endpoints, "orders");
        try (Admin admin = admin(endpoints)) {
            ConfigResource orders = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
            Map<String, String> expected = Map.of(
                    "retention.ms", "-1",
                    "segment.bytes", "268435456",
                    "segment.ms", "86400000",
                    "message.timestamp.after.max.ms", "3600000",
                    "flush.messages", "1",
                    "local.retention.ms", "-2",
                    "local.retention.bytes", "-2");
            org.apache.kafka.clients.admin.Config config =
                    admin.describeConfigs(List.of(orders)).all().get().get(orders);
            expected.forEach(
                    (key, value) -> assertThat(config.get(key).value()).as(key).isEqualTo(value));
        }
        produceAt(endpoints, "orders", 0L);
        assertThatThrownBy(() -> produceAt(endpoints, "orders", System.currentTimeMillis() + 86_400_000L))
                .hasCauseInstanceOf(InvalidTimestampException.class);
    }

    @Test
    void aJoinerWaitsForItsPeerAndNeverFounds() {
        Node joiner = start(settings()
                .withMembership(new Membership(
                        3, List.of("127.0.0.1:1"), false, java.util.Optional.empty(), java.util.OptionalInt.empty())));
        Awaitility.await()
                .atMost(START)
                .untilAsserted(() -> assertThat(joiner.state()).isInstanceOf(NodeState.WaitingForQuorum.class));

        assertThat(joiner.stop(STOP)).isTrue();

        assertThat(data.resolve("meta/meta.properties")).doesNotExist();
    }

    private NodeSettings settings() {
        return NodeSettings.singleNode(data).withPorts(0, 0);
    }

    private Node start(NodeSettings settings) {
        Node node = Node.create(settings).start();
        nodes.add(node);
        return node;
    }

    private List<Path> segments(String topic) throws IOException {
        try (Stream<Path> files = Files.list(data.resolve("log").resolve(topic + "-0"))) {
            return files.filter(file -> file.toString().endsWith(".log")).toList();
        }
    }

    private static Admin admin(Endpoints endpoints) {
        return Admin.create(Map.of("bootstrap.servers", endpoints.bootstrapServers()));
    }

    private static void createTopic(Endpoints endpoints, String topic) throws Exception {
        try (Admin admin = admin(endpoints)) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static void produce(Endpoints endpoints, String topic, String value) throws Exception {
        try (KafkaProducer<String, String> producer = producer(endpoints)) {
            producer.send(new ProducerRecord<>(topic, value)).get();
        }
    }

    private static void produceAt(Endpoints endpoints, String topic, long timestampMillis) throws Exception {
        try (KafkaProducer<String, String> producer = producer(endpoints)) {
            producer.send(new ProducerRecord<>(topic, null, timestampMillis, null, "dated"))
                    .get();
        }
    }

    private static KafkaProducer<String, String> producer(Endpoints endpoints) {
        return new KafkaProducer<>(
                Map.of("bootstrap.servers", endpoints.bootstrapServers()),
                new StringSerializer(),
                new StringSerializer());
    }

    private static List<String> readAll(Endpoints endpoints, String topic) {
        List<String> values = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", endpoints.bootstrapServers(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            Awaitility.await().atMost(START).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
                return consumer.position(partition) >= end;
            });
        }
        return values;
    }

    private static List<String> readShared(Endpoints endpoints, String topic) throws Exception {
        try (Admin admin = admin(endpoints)) {
            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.GROUP, "workers"),
                            List.of(new org.apache.kafka.clients.admin.AlterConfigOp(
                                    new org.apache.kafka.clients.admin.ConfigEntry(
                                            "share.auto.offset.reset", "earliest"),
                                    org.apache.kafka.clients.admin.AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
        List<String> values = new ArrayList<>();
        try (KafkaShareConsumer<String, String> consumer = new KafkaShareConsumer<>(
                Map.of("bootstrap.servers", endpoints.bootstrapServers(), "group.id", "workers"),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            Awaitility.await().atMost(START).until(() -> {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> values.add(record.value()));
                return !values.isEmpty();
            });
        }
        return values;
    }
}

package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// One cluster of three processes, founded by the first and joined by the others; the tests run in order on
/// it.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ThreeNodesIT {
    private static final Duration SOON = Duration.ofSeconds(60);
    private static final int ACKNOWLEDGED_BEFORE_KILL = 2_000;
    private static final int ACKNOWLEDGED_AFTER_KILL = 4_000;

    @TempDir
    static Path folder;

    private static final List<WeirProcess> NODES = new ArrayList<>();

    @BeforeAll
    static void foundsAndJoins() {
        WeirProcess founder = launch(1, Map.of("weir.cluster.found", "true"));
        NODES.add(founder);
        founder.awaitReady();
        for (int number = 2; number <= 3; number++) {
            NODES.add(launch(number, Map.of("weir.cluster.join", founder.kafka())));
        }
        NODES.forEach(WeirProcess::awaitReady);
    }

    private static WeirProcess launch(int number, Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("weir.cluster.size", "3");
        all.put("weir.roles", "controller,broker");
        all.put("weir.archive.uri", lake());
        return WeirProcess.launch(folder.resolve("node" + number), all);
    }

    private static String lake() {
        return folder.resolve("lake").toUri().toString();
    }

    @AfterAll
    static void endAll() {
        NODES.forEach(WeirProcess::close);
    }

    @Test
    @Order(1)
    void allThreeVoteAndHaveTheFoundersClusterId() throws Exception {
        Set<String> ids = new HashSet<>();
        NODES.forEach(node -> ids.add(node.endpoints().path("clusterId").asText()));
        assertThat(ids).hasSize(1);
        try (Admin admin = admin()) {
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(admin.describeMetadataQuorum()
                                    .quorumInfo()
                                    .get()
                                    .voters())
                            .hasSize(3));
        }
    }

    @Test
    @Order(2)
    void internalTopicsAreBornWithThreeReplicas() throws Exception {
        try (Admin admin = admin()) {
            admin.createTopics(List.of(new NewTopic("orders", 6, (short) -1).configs(Map.of())))
                    .all()
                    .get();
            commitAnOffset("first-group");
            Set<String> names = admin.listTopics(new ListTopicsOptions().listInternal(true))
                    .names()
                    .get();
            Map<String, TopicDescription> topics =
                    admin.describeTopics(names).allTopicNames().get();
            assertThat(names).contains("orders", "__consumer_offsets");
            for (TopicDescription topic : topics.values()) {
                for (TopicPartitionInfo partition : topic.partitions()) {
                    assertThat(partition.replicas()).as("%s", topic).hasSize(3);
                }
            }
            assertThat(topics.get("__consumer_offsets").partitions()).hasSize(16);
            ConfigResource orders = new ConfigResource(ConfigResource.Type.TOPIC, "orders");
            assertThat(admin.describeConfigs(List.of(orders))
                            .all()
                            .get()
                            .get(orders)
                            .get("min.insync.replicas")
                            .value())
                    .isEqualTo("2");
        }
    }

    @Test
    @Order(3)
    void killingTheLeaderWhileProducingLosesNothingAcknowledged() throws Exception {
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        ConcurrentLinkedQueue<Exception> failed = new ConcurrentLinkedQueue<>();
        WeirProcess victim = leaderOf("orders", 0);
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap(), "acks", "all", "linger.ms", 0),
                new StringSerializer(),
                new StringSerializer())) {
            int sent = 0;
            boolean killed = false;
            while (acknowledged.size() < ACKNOWLEDGED_BEFORE_KILL + ACKNOWLEDGED_AFTER_KILL) {
                String value = "record-" + sent;
                producer.send(new ProducerRecord<>("orders", sent % 6, null, value), (metadata, exception) -> {
                    if (exception == null) {
                        acknowledged.add(value);
                    } else {
                        failed.add(exception);
                    }
                });
                sent++;
                if (sent % 100 == 0) {
                    int enough = sent - 2_000;
                    Awaitility.await()
                            .atMost(SOON)
                            .pollInterval(Duration.ofMillis(5))
                            .until(() -> acknowledged.size() + failed.size() > enough);
                }
                if (!killed && acknowledged.size() >= ACKNOWLEDGED_BEFORE_KILL) {
                    victim.kill9();
                    killed = true;
                }
            }
        }
        assertThat(failed).isEmpty();
        assertThat(readAll("orders", 6)).containsAll(acknowledged);
    }

    /// In the same run, as the cluster has just lost a node: the others lead what it led.
    @Test
    @Order(4)
    void whatOneLeaderArchivedIsReadBackThroughAnother() throws Exception {
        WeirProcess first = leaderOf("orders", 0);
        Set<String> hot = readAll("orders", 6);

        assertThat(first.post("/archive/orders/tier", "").statusCode()).isEqualTo(202);
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() ->
                        assertThat(first.get("/archive/orders/tier").body()).contains("DONE"));

        assertThat(readAll("orders", 6)).isEqualTo(hot);
        lead(otherThan(first), "orders", 0);
        assertThat(readAll("orders", 6)).isEqualTo(hot);
        assertThat(leaderOf("orders", 0)).isNotSameAs(first);
    }

    private static WeirProcess otherThan(WeirProcess one) {
        return NODES.stream()
                .filter(node -> node != one && node.isAlive())
                .findFirst()
                .orElseThrow();
    }

    /// Puts the node first among the partition's replicas and has the preferred leader elected.
    private static void lead(WeirProcess node, String topic, int partition) throws Exception {
        int id = node.endpoints().path("nodeId").asInt();
        TopicPartition moved = new TopicPartition(topic, partition);
        try (Admin admin = admin()) {
            List<Integer> replicas = new ArrayList<>(partitionOf(admin, topic, partition).replicas().stream()
                    .map(Node::id)
                    .toList());
            replicas.sort(Comparator.comparing(replica -> replica != id));
            admin.alterPartitionReassignments(Map.of(moved, Optional.of(new NewPartitionReassignment(replicas))))
                    .all()
                    .get();
            admin.electLeaders(ElectionType.PREFERRED, Set.of(moved)).all().get();
        }
    }

    @Test
    @Order(5)
    void aKilledNodeComesBackAndTheClusterIsWhole() throws Exception {
        WeirProcess dead =
                NODES.stream().filter(node -> !node.isAlive()).findFirst().orElseThrow();
        NODES.remove(dead);
        NODES.add(WeirProcess.start(
                dead.data(),
                Map.of(
                        "weir.cluster.size",
                        "3",
                        "weir.roles",
                        "controller,broker",
                        "weir.archive.uri",
                        lake(),
                        "weir.cluster.join",
                        NODES.get(0).kafka())));
        try (Admin admin = admin()) {
            Awaitility.await()
                    .atMost(SOON)
                    .untilAsserted(() -> assertThat(inSync(admin, "orders"))
                            .allSatisfy(count -> assertThat(count).isEqualTo(3)));
        }
    }

    @Test
    @Order(6)
    void aLoneSurvivorSaysThatItWaitsForAQuorum() {
        NODES.forEach(WeirProcess::kill9);
        WeirProcess alone = WeirProcess.launch(
                NODES.get(0).data(),
                Map.of("weir.cluster.size", "3", "weir.roles", "controller,broker", "weir.archive.uri", lake()));
        NODES.add(alone);
        Awaitility.await().atMost(SOON).ignoreExceptions().untilAsserted(() -> {
            assertThat(alone.output()).contains("Listening on: ");
            String http = alone.output()
                    .lines()
                    .filter(line -> line.contains("Listening on: "))
                    .map(line -> line.replaceFirst(".*Listening on: ", ""))
                    .findFirst()
                    .orElseThrow();
            HttpResponse<String> answer = alone.send(
                    HttpRequest.newBuilder(URI.create(http + "/q/health/ready")).build());
            assertThat(answer.statusCode()).isEqualTo(503);
            assertThat(answer.body()).contains("WaitingForQuorum(1 of 2)");
        });
        assertThat(alone.stop()).isEqualTo(143);
    }

    private static List<Integer> inSync(Admin admin, String topic) throws Exception {
        return admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic).partitions().stream()
                .map(partition -> partition.isr().size())
                .toList();
    }

    private static WeirProcess leaderOf(String topic, int partition) throws Exception {
        try (Admin admin = admin()) {
            int leader = partitionOf(admin, topic, partition).leader().id();
            return NODES.stream()
                    .filter(node -> node.endpoints().path("nodeId").asInt() == leader)
                    .findFirst()
                    .orElseThrow();
        }
    }

    private static TopicPartitionInfo partitionOf(Admin admin, String topic, int partition) throws Exception {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .get(partition);
    }

    private static void commitAnOffset(String group) {
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap(), "group.id", group),
                new StringDeserializer(),
                new StringDeserializer())) {
            consumer.subscribe(List.of("orders"));
            Awaitility.await().atMost(SOON).until(() -> {
                consumer.poll(Duration.ofMillis(200));
                return !consumer.assignment().isEmpty();
            });
            consumer.commitSync();
        }
    }

    private static Set<String> readAll(String topic, int partitions) {
        Set<String> values = new HashSet<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", bootstrap()), new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new TopicPartition(topic, partition));
            }
            consumer.assign(all);
            consumer.seekToBeginning(all);
            Map<TopicPartition, Long> end = consumer.endOffsets(all);
            Awaitility.await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
                return all.stream().allMatch(one -> consumer.position(one) >= end.get(one));
            });
        }
        return Collections.unmodifiableSet(values);
    }

    private static Admin admin() {
        return Admin.create(Map.of(
                "bootstrap.servers", bootstrap(), "default.api.timeout.ms", (int) TimeUnit.SECONDS.toMillis(30)));
    }

    private static String bootstrap() {
        return String.join(
                ",",
                NODES.stream()
                        .filter(WeirProcess::isAlive)
                        .map(WeirProcess::kafka)
                        .toList());
    }
}

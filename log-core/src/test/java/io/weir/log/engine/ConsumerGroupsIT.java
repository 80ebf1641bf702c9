package io.weir.log.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Consumer groups as users of Kafka expect them, with a plain Kafka client, in both group protocols.
class ConsumerGroupsIT {
    private static final Duration SOON = Duration.ofSeconds(40);
    private static final int PARTITIONS = 3;
    private static final int RECORDS = 300;

    @TempDir
    static Path data;

    private static Node node;
    private static String bootstrap;

    private final List<Member> members = new ArrayList<>();
    private final String topic = "orders-" + System.nanoTime();

    @BeforeAll
    static void startNode() {
        node = Node.create(NodeSettings.singleNode(data)
                        .withPorts(0, 0)
                        .with("log.flush.interval.messages", "9223372036854775807")
                        .with("group.consumer.min.heartbeat.interval.ms", "500")
                        .with("group.consumer.heartbeat.interval.ms", "500")
                        .with("group.consumer.min.session.timeout.ms", "3000")
                        .with("group.consumer.session.timeout.ms", "3000"))
                .start();
        bootstrap = node.awaitRunning(Duration.ofSeconds(60)).bootstrapServers();
    }

    @AfterAll
    static void stopNode() {
        node.stop(Duration.ofSeconds(30));
    }

    @AfterEach
    void endMembers() {
        members.forEach(Member::leave);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void oneMemberReadsEveryPartition(String protocol) throws Exception {
        fill();
        join("one", protocol);
        awaitAssigned(Set.of(0, 1, 2));
        awaitEveryRecordOnce("one");
        assertThat(members.get(0).assigned).hasSize(3);
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void threeMembersReadOnePartitionEach(String protocol) throws Exception {
        fill();
        for (int i = 0; i < 3; i++) {
            join("three", protocol);
        }
        awaitAssigned(Set.of(0, 1, 2));
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(members)
                        .allSatisfy(member -> assertThat(member.assigned).hasSize(1)));
        awaitEveryRecordAtLeastOnce();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void ofFourMembersOneIsIdleAndTakesOverWhenAnotherDies(String protocol) throws Exception {
        createTopic();
        for (int i = 0; i < 4; i++) {
            join("four", protocol);
        }
        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(members.stream()
                                .map(member -> member.assigned.size())
                                .sorted()
                                .toList())
                        .containsExactly(0, 1, 1, 1));
        awaitAssigned(Set.of(0, 1, 2));
        Member idle = members.stream()
                .filter(member -> member.assigned.isEmpty())
                .findFirst()
                .orElseThrow();
        Member victim = members.stream()
                .filter(member -> !member.assigned.isEmpty())
                .findFirst()
                .orElseThrow();

        victim.die();

        Awaitility.await()
                .atMost(SOON)
                .untilAsserted(() -> assertThat(idle.assigned).hasSize(1));
        members.remove(victim);
        produce();
        awaitEveryRecordAtLeastOnce();
    }

    @ParameterizedTest
    @ValueSource(strings = {"classic", "consumer"})
    void twoGroupsReadEverythingIndependently(String protocol) throws Exception {
        fill();
        join("left", protocol);
        join("right", protocol);
        awaitEveryRecordOnce("left");
        awaitEveryRecordOnce("right");
    }

    @Test
    void aGroupGoesOnWhereItCommitted() throws Exception {
        fill();
        join("committer", "consumer");
        awaitEveryRecordOnce("committer");
        members.get(0).leave();
        members.clear();
        produce();
        join("committer", "consumer");
        awaitEveryRecordOnce("committer");
    }

    private void fill() throws Exception {
        createTopic();
        produce();
    }

    private void createTopic() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
            admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)))
                    .all()
                    .get();
        }
    }

    private void produce() throws Exception {
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrap, "linger.ms", 20, "max.in.flight.requests.per.connection", 1),
                new StringSerializer(),
                new StringSerializer())) {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                sent.add(producer.send(new ProducerRecord<>(topic, i % PARTITIONS, null, "record-" + i)));
            }
            for (Future<RecordMetadata> one : sent) {
                one.get();
            }
        }
    }

    private void join(String group, String protocol) {
        members.add(new Member(topic + "-" + group, protocol, topic));
    }

    private void awaitAssigned(Set<Integer> partitions) {
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            Set<Integer> assigned = new TreeSet<>();
            members.forEach(member -> assigned.addAll(member.assigned));
            assertThat(assigned).isEqualTo(partitions);
        });
    }

    private void awaitEveryRecordAtLeastOnce() {
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            Set<String> seen = new TreeSet<>();
            members.forEach(member -> seen.addAll(member.values));
            assertThat(seen).hasSize(RECORDS);
        });
    }

    private void awaitEveryRecordOnce(String group) {
        List<Member> of =
                members.stream().filter(m -> m.group.endsWith("-" + group)).toList();
        Awaitility.await().atMost(SOON).untilAsserted(() -> {
            List<String> seen = new ArrayList<>();
            of.forEach(member -> seen.addAll(member.values));
            assertThat(seen).hasSize(RECORDS).doesNotHaveDuplicates();
        });
    }

    /// One consumer on a thread of its own that commits what it has read.
    private static final class Member {
        private final String group;
        private final Set<Integer> assigned = ConcurrentHashMap.newKeySet();
        private final ConcurrentLinkedQueue<String> values = new ConcurrentLinkedQueue<>();
        private final CountDownLatch over = new CountDownLatch(1);
        private final Thread thread;
        private volatile boolean leaving;
        private volatile boolean dying;

        Member(String group, String protocol, String topic) {
            this.group = group;
            this.thread = new Thread(() -> live(protocol, topic), group);
            thread.setDaemon(true);
            thread.start();
        }

        private void live(String protocol, String topic) {
            Map<String, Object> properties = new HashMap<>(Map.of(
                    "bootstrap.servers",
                    bootstrap,
                    "group.id",
                    group,
                    "group.protocol",
                    protocol,
                    "auto.offset.reset",
                    "earliest",
                    "enable.auto.commit",
                    false,
                    "metadata.max.age.ms",
                    1000));
            if (protocol.equals("classic")) {
                properties.put("session.timeout.ms", 6000);
                properties.put("heartbeat.interval.ms", 500);
            }
            KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer());
            consumer.subscribe(List.of(topic));
            while (!leaving && !dying) {
                ConsumerRecords<String, String> records = consumer.poll(Duration.ofMillis(100));
                assigned.clear();
                consumer.assignment().forEach(partition -> assigned.add(partition.partition()));
                commit(consumer, records);
            }
            // a dying member closes its sockets without leaving its group, as a killed process does
            consumer.close(
                    dying
                            ? CloseOptions.groupMembershipOperation(
                                            CloseOptions.GroupMembershipOperation.REMAIN_IN_GROUP)
                                    .withTimeout(Duration.ZERO)
                            : CloseOptions.timeout(Duration.ofSeconds(5)));
            over.countDown();
        }

        private void commit(KafkaConsumer<String, String> consumer, ConsumerRecords<String, String> records) {
            Map<TopicPartition, OffsetAndMetadata> next = new HashMap<>();
            for (ConsumerRecord<String, String> record : records) {
                values.add(record.value());
                next.put(
                        new TopicPartition(record.topic(), record.partition()),
                        new OffsetAndMetadata(record.offset() + 1));
            }
            if (!next.isEmpty()) {
                consumer.commitSync(next);
            }
        }

        void leave() {
            leaving = true;
            awaitOver();
        }

        void die() {
            dying = true;
            awaitOver();
            assigned.clear();
        }

        private void awaitOver() {
            Awaitility.await().atMost(SOON).until(() -> over.getCount() == 0);
        }
    }
}

package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.cli.node.Api;
import io.weir.examples.BankTransfers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Money is never made or lost: transfers become balances by a job, the node is killed again and again, and
/// in every
/// committed view all accounts together hold what they began with. In the end each transfer was booked
/// exactly once.
///
/// One stream thread writes one partition of balances, so that a stable end of the log never lies within a
/// transaction.
class BankIT {
    private static final List<String> BRANCHES = List.of("north", "south", "east", "west");
    private static final int ACCOUNTS_OF_A_BRANCH = 6;
    private static final int ACCOUNTS = BRANCHES.size() * ACCOUNTS_OF_A_BRANCH;
    private static final int TRANSFERS_AT_ONCE = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    /// What was killed is waited for as long as its session lasts: a broker 9 s, a stream thread 10 s, unless
    /// it is
    /// less.
    private static final Map<String, String> SETTINGS = Map.of(
            "weir.roles", "controller,broker,jobs,query",
            "kafka.group.min.session.timeout.ms", "1000",
            "kafka.broker.session.timeout.ms", "2000",
            "kafka.broker.heartbeat.interval.ms", "500");
    private static final String CONFIG = """
            {"weir.job.threads":1,"commit.interval.ms":100,
             "consumer.session.timeout.ms":1500,"consumer.heartbeat.interval.ms":500}""";

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path folder;

    private final BankView view = new BankView(ACCOUNTS);
    private WeirProcess node;
    private long written;

    @Test
    void theSumNeverChangesWhileTheNodeIsKilledFiveTimes() throws Exception {
        killed(5);
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void theSumNeverChangesWhileTheNodeIsKilledTwoHundredTimes() throws Exception {
        killed(200);
    }

    private void killed(int kills) throws Exception {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dweir.seed=" + seed + ")");
        Random random = new Random(seed);
        node = WeirProcess.start(folder, SETTINGS);
        try {
            open();
            for (int kill = 0; kill < kills; kill++) {
                long enough = view.rows() + 1 + random.nextInt(TRANSFERS_AT_ONCE);
                lookWhileTransfersCome(random, enough);
                node.kill9();
                node.close();
                node = WeirProcess.start(folder, SETTINGS);
            }
            lookWhileTransfersCome(random, view.rows() + 1);
            Map<String, Long> expected = booked();
            try (KafkaConsumer<String, String> consumer = BankView.consumer(node.kafka())) {
                await().atMost(PATIENCE).untilAsserted(() -> {
                    view.look(consumer);
                    assertThat(view.balances()).isEqualTo(expected);
                });
            }
            assertThat(view.views()).isGreaterThan(kills);
            assertThat(sumInSql())
                    .isEqualTo(expected.values().stream()
                            .mapToLong(Long::longValue)
                            .sum());
            System.out.println(kills + " kills, " + written + " transfers sent, " + view.rows() + " rows, "
                    + view.views() + " views");
        } finally {
            node.close();
        }
    }

    private void open() throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.kafka()))) {
            admin.createTopics(List.of(
                            new NewTopic("transfers", BRANCHES.size(), (short) 1),
                            new NewTopic("balances", 1, (short) 1).configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
        }
        Path jar;
        try (Stream<Path> built = Files.list(Path.of("../examples/target"))) {
            jar = built.filter(file -> file.getFileName().toString().matches("weir-examples-[^-]*(-SNAPSHOT)?\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
        new Api(node.http())
                .postMultipart(
                        "/jobs?wait=RUNNING&timeout=60s",
                        "jar",
                        jar,
                        "spec",
                        JSON.readTree("{\"job\":\"bank\",\"class\":\"" + BankTransfers.class.getName()
                                + "\",\"config\":" + CONFIG + "}"));
    }

    /// Sends transfers and takes views until `enough` rows have been seen; transfers may still be on their
    /// way then.
    private void lookWhileTransfersCome(Random random, long enough) throws IOException {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", node.kafka());
        settings.put("max.block.ms", 10_000);
        settings.put("delivery.timeout.ms", 10_000);
        settings.put("request.timeout.ms", 5_000);
        KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer());
        try (KafkaConsumer<String, String> consumer = BankView.consumer(node.kafka())) {
            send(producer, random);
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(20)).until(() -> {
                view.look(consumer);
                return view.rows() >= enough;
            });
        } finally {
            producer.close(Duration.ZERO);
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // what was not acknowledged may be there or not: the topic says it
    private void send(KafkaProducer<String, String> producer, Random random) {
        for (int i = 0; i < TRANSFERS_AT_ONCE; i++) {
            String branch = BRANCHES.get(random.nextInt(BRANCHES.size()));
            producer.send(new ProducerRecord<>(
                    "transfers",
                    branch,
                    "{\"branch\":\"" + branch + "\",\"from\":\"" + account(branch, random) + "\",\"to\":\""
                            + account(branch, random) + "\",\"amount\":" + (1 + random.nextInt(400)) + "}"));
            written++;
        }
    }

    private static String account(String branch, Random random) {
        return branch + "-" + random.nextInt(ACCOUNTS_OF_A_BRANCH);
    }

    /// The balances that follow from the transfers in the log, each booked once, in the order of its branch.
    private Map<String, Long> booked() throws IOException {
        Map<String, Long> balances = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = BankView.consumer(node.kafka())) {
            List<TopicPartition> partitions = consumer.partitionsFor("transfers").stream()
                    .map(info -> new TopicPartition("transfers", info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> row : consumer.poll(Duration.ofMillis(200))) {
                    book(balances, JSON.readTree(row.value()));
                }
            }
        }
        return balances;
    }

    private static void book(Map<String, Long> balances, JsonNode transfer) {
        String from = transfer.path("from").asText();
        String to = transfer.path("to").asText();
        long amount = transfer.path("amount").asLong();
        long payer = balances.getOrDefault(from, BankTransfers.OPENING_BALANCE) - amount;
        if (payer >= 0 && !from.equals(to)) {
            balances.put(from, payer);
            balances.put(to, balances.getOrDefault(to, BankTransfers.OPENING_BALANCE) + amount);
        }
    }

    private long sumInSql() {
        return new Api(node.http())
                .post(
                        "/sql",
                        JSON.createObjectNode()
                                .put(
                                        "sql",
                                        "SELECT sum(held) FROM (SELECT arg_max(balance, _offset) AS held"
                                                + " FROM balances GROUP BY account)"))
                .path("rows")
                .path(0)
                .path(0)
                .asLong();
    }
}

package io.weir.tiered.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.log.cluster.LogConnection;
import io.weir.log.engine.Endpoints;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.log.topic.TopicName;
import io.weir.tiered.archive.ArchiveBrokerSettings;
import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.archive.RemoteLogFold;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import io.weir.tiered.wiring.SqlColdFiles;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Hot and cold together on a real broker with the archive on: exact while segments roll, are copied and dropped.
class SqlColdIT {
    private static final int PARTITIONS = 2;
    private static final Map<String, String> TIERED = Map.of(
            "remote.storage.enable", "true",
            "segment.bytes", "1048576",
            "retention.ms", "-1",
            "local.retention.ms", "-2",
            "local.retention.bytes", "1048576");

    @TempDir
    static Path data;

    private static Node node;
    private static LogConnection connection;
    private static Admin admin;
    private static ObjectStore store;
    private static RemoteLogFold fold;
    private static SqlFixture sql;

    @BeforeAll
    static void start() throws Exception {
        ArchiveBrokerSettings archive = new ArchiveBrokerSettings(data, Duration.ofMillis(500), 2, Map.of());
        node = Node.create(NodeSettings.singleNode(data)
                .withPorts(0, 0)
                .with("log.flush.interval.messages", "9223372036854775807")
                .withContributions(archive.brokerProperties()));
        node.start();
        Endpoints endpoints = node.awaitRunning(Duration.ofSeconds(60));
        connection = new LogConnection(endpoints.clusterId(), endpoints.bootstrapServers(), Map.of(), (short) 1);
        admin = Admin.create(connection.clientProperties());
        URI root = URI.create(ArchiveBrokerSettings.defaultUri(data));
        store = HadoopObjectStore.open(root, Map.of());
        fold = new RemoteLogFold(
                admin, connection.clientProperties(), store, root, new ArchiveLayout(endpoints.clusterId(), "weir"));
        sql = open("sql");
    }

    private static SqlFixture open(String folder) throws Exception {
        return new SqlFixture(
                connection,
                data.resolve(folder),
                new SqlColdFiles(() -> fold, data.resolve(folder + "-cache")),
                SqlFixture.childSettings(data.resolve(folder)).withConcurrency(1, 1, 4),
                SqlSettings.of(data.resolve(folder + "-hot")));
    }

    @AfterAll
    static void stop() throws Exception {
        if (sql != null) {
            sql.close();
        }
        if (fold != null) {
            fold.close();
            store.close();
        }
        if (admin != null) {
            admin.close();
        }
        node.stop(Duration.ofSeconds(20));
    }

    @Test
    void hotAndColdAreExactWhileTieringRuns() throws Exception {
        admin.createTopics(List.of(new NewTopic("moving", PARTITIONS, (short) 1).configs(TIERED)))
                .all()
                .get();
        List<SqlFixture.Answer> answers = new ArrayList<>();

        // When: statements run while records come in, segments roll, are copied and dropped
        CompletableFuture<Void> producing = CompletableFuture.runAsync(SqlColdIT::produce);
        while (!producing.isDone() || answers.size() < 3) {
            answers.add(
                    sql.ask("SELECT _partition, _offset, _key, epoch_ms(_timestamp), _tombstone, _raw FROM moving"));
        }
        producing.join();
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            SqlFixture.Answer answer = sql.ask("SELECT count(*) FROM \"moving$cold\"");
            return answer.only().get(0).asLong() > 20_000;
        });
        SqlFixture.Answer last =
                sql.ask("SELECT _partition, _offset, _key, epoch_ms(_timestamp), _tombstone, _raw FROM moving");
        answers.add(last);

        // Then: each answer is what a read_committed consumer sees over the same offsets
        Map<Integer, TreeMap<Long, String>> log = readCommitted();
        for (SqlFixture.Answer answer : answers) {
            assertThat(answer.sorted()).isEqualTo(expected(log, answer));
        }
        assertThat(last.end().stats().filesPlanned()).isPositive();
        assertThat(last.end().stats().hotRecords()).isPositive();
        halvesAreDisjointAndComplete(last);
        cutsAreRepeatable(answers);
        filesOfAStoreElsewhereGiveTheSameRows(last);
        typesDoNotMove();
    }

    private static void produce() {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("transactional.id", "moving");
        properties.put("linger.ms", "5");
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 60; transaction++) {
                producer.beginTransaction();
                for (int i = 0; i < 1000; i++) {
                    byte[] key = i % 7 == 0 ? null : utf8("k" + i % 50);
                    byte[] value = i % 100 == 3
                            ? null
                            : utf8("{\"t\":" + transaction + ",\"i\":" + i + ",\"pad\":\"" + "x".repeat(i % 150)
                                    + "\"}");
                    producer.send(new ProducerRecord<>("moving", i % PARTITIONS, 1_000_000L + i, key, value));
                }
                if (transaction % 5 == 4) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Map<Integer, TreeMap<Long, String>> readCommitted() {
        Map<Integer, TreeMap<Long, String>> log = new TreeMap<>();
        Map<String, Object> properties = connection.clientProperties();
        properties.put("isolation.level", "read_committed");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            for (int p = 0; p < PARTITIONS; p++) {
                TopicPartition partition = new TopicPartition("moving", p);
                consumer.assign(List.of(partition));
                consumer.seekToBeginning(List.of(partition));
                long end = consumer.endOffsets(List.of(partition)).get(partition);
                TreeMap<Long, String> rows = log.computeIfAbsent(p, key -> new TreeMap<>());
                while (consumer.position(partition) < end) {
                    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
                        rows.put(record.offset(), row(record));
                    }
                }
            }
        }
        return log;
    }

    private static String row(ConsumerRecord<byte[], byte[]> record) {
        String key = record.key() == null ? "null" : '"' + new String(record.key(), StandardCharsets.UTF_8) + '"';
        String value =
                record.value() == null ? "null" : '"' + Base64.getEncoder().encodeToString(record.value()) + '"';
        return "[" + record.partition() + "," + record.offset() + "," + key + "," + record.timestamp() + ","
                + (record.value() == null) + "," + value + "]";
    }

    private static List<String> expected(Map<Integer, TreeMap<Long, String>> log, SqlFixture.Answer answer) {
        List<String> rows = new ArrayList<>();
        answer.cut()
                .get(TopicName.of("moving"))
                .partitions()
                .forEach((partition, part) -> rows.addAll(
                        log.get(partition).subMap(part.from(), part.to()).values()));
        return rows.stream().sorted().toList();
    }

    private static void halvesAreDisjointAndComplete(SqlFixture.Answer whole) {
        SqlFixture.Answer halves = sql.ask(
                "SELECT (SELECT count(*) FROM moving), (SELECT count(*) FROM \"moving$hot\"),"
                        + " (SELECT count(*) FROM \"moving$cold\"),"
                        + " (SELECT count(*) FROM \"moving$hot\" h JOIN \"moving$cold\" c USING (_partition, _offset))",
                whole.asOf());
        long all = halves.only().get(0).asLong();
        assertThat(all).isEqualTo(whole.rows().size());
        assertThat(halves.only().get(1).asLong() + halves.only().get(2).asLong())
                .isEqualTo(all);
        assertThat(halves.only().get(1).asLong()).isPositive();
        assertThat(halves.only().get(2).asLong()).isPositive();
        assertThat(halves.only().get(3).asLong()).isZero();
    }

    private static void cutsAreRepeatable(List<SqlFixture.Answer> answers) {
        SqlFixture.Answer early = answers.get(answers.size() / 2);

        SqlFixture.Answer again = sql.ask(
                "SELECT _partition, _offset, _key, epoch_ms(_timestamp), _tombstone, _raw FROM moving", early.asOf());

        assertThat(again.sorted()).isEqualTo(early.sorted());
        assertThat(again.cut()).isEqualTo(early.cut());
    }

    /// The same archive, as if it were no local folder.
    private static void filesOfAStoreElsewhereGiveTheSameRows(SqlFixture.Answer inPlace) throws Exception {
        String statement = "SELECT _partition, _offset, _key, epoch_ms(_timestamp), _tombstone, _raw FROM moving";
        URI elsewhere = URI.create("s3a://bucket/");
        SqlSettings settings = SqlSettings.of(data.resolve("fetched-hot"));
        try (RemoteLogFold remote = new RemoteLogFold(
                        admin,
                        connection.clientProperties(),
                        store,
                        elsewhere,
                        new ArchiveLayout(connection.clusterId(), "weir"));
                SqlFixture fetching = new SqlFixture(
                        connection,
                        data.resolve("fetched"),
                        new SqlColdFiles(() -> remote, settings.cache().directory()),
                        () -> store,
                        SqlFixture.childSettings(data.resolve("fetched")).withConcurrency(1, 1, 4),
                        settings)) {
            // what a condition rules out is not fetched
            String half =
                    " WHERE _partition = 1 AND _offset BETWEEN 5000 AND 9000 AND _timestamp >= TIMESTAMP '1970-01-01'";
            SqlFixture.Answer few = fetching.ask(statement + half, inPlace.asOf());
            int files = inPlace.end().stats().filesPlanned();
            assertThat(few.end().stats().filesPlanned()).isBetween(1, files / 2);
            assertThat(few.sorted())
                    .isNotEmpty()
                    .isEqualTo(sql.ask(statement + half, inPlace.asOf()).sorted());
            assertThat(few.end().stats().filesPruned()).isPositive();
            assertThat(settings.cache().directory().toFile().list())
                    .filteredOn(name -> name.endsWith(".parquet"))
                    .hasSize(few.end().stats().filesPlanned());

            SqlFixture.Answer fetched = fetching.ask(statement, inPlace.asOf());
            SqlFixture.Answer again = fetching.ask(statement, inPlace.asOf());

            assertThat(fetched.sorted()).isEqualTo(inPlace.sorted());
            assertThat(fetched.end().stats().bytesFetched()).isPositive();
            assertThat(again.sorted()).isEqualTo(inPlace.sorted());
            assertThat(again.end().stats().bytesFetched()).isZero();
            assertThat(inPlace.end().stats().bytesFetched()).isZero();
        }
    }

    private static void typesDoNotMove() throws Exception {
        SqlFixture.Answer before = sql.ask("SELECT * FROM moving LIMIT 1");
        sql.close();
        sql = open("sql-again");
        SqlFixture.Answer after = sql.ask("SELECT * FROM moving LIMIT 1");
        SqlFixture.Answer cold = sql.ask("SELECT * FROM \"moving$cold\" LIMIT 1");

        assertThat(after.columns()).isEqualTo(before.columns());
        assertThat(cold.columns()).isEqualTo(before.columns());
    }
}

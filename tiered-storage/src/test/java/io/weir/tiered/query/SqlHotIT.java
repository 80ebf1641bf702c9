package io.weir.tiered.query;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.cluster.LogConnection;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.log.fault.WeirException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// SQL on a real broker, without an archive.
class SqlHotIT {
    @TempDir
    static Path directory;

    private static Node node;
    private static LogConnection connection;
    private static SqlFixture sql;

    @BeforeAll
    static void start() throws Exception {
        node = Node.create(NodeSettings.singleNode(directory.resolve("data"))
                .withPorts(0, 0)
                .with("log.flush.interval.messages", "9223372036854775807"));
        node.start();
        String bootstrap = node.awaitRunning(Duration.ofSeconds(60)).bootstrapServers();
        connection = new LogConnection("test", bootstrap, Map.of(), (short) 1);
        sql = new SqlFixture(connection, directory.resolve("sql"), ColdFiles.none());
    }

    @AfterAll
    static void stop() {
        if (sql != null) {
            sql.close();
        }
        if (node != null) {
            node.stop(Duration.ofSeconds(20));
        }
    }

    static void create(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(connection.clientProperties())) {
            admin.createTopics(List.of(new NewTopic(topic, partitions, (short) 1)))
                    .all()
                    .get();
        }
    }

    static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("max.in.flight.requests.per.connection", 1);
        properties.putAll(more);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @Test
    void jsonMembersAreTypedColumns() throws Exception {
        create("orders", 2);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            for (int i = 0; i < 100; i++) {
                producer.send(new ProducerRecord<>(
                        "orders",
                        i % 2,
                        1_000_000_000_000L + i,
                        utf8("k" + i % 5),
                        utf8("{\"id\":" + i + ",\"price\":" + i + ".50,\"paid\":" + (i % 2 == 0)
                                + ",\"placed\":\"2001-01-02T03:04:" + "%02d".formatted(i % 60)
                                + "Z\",\"who\":{\"name\":\"n"
                                + i % 3 + "\",\"tags\":[\"a\",\"b\"]}}")));
            }
        }

        SqlFixture.Answer answer =
                sql.ask("SELECT who.name, sum(price), count(*), min(placed), bool_or(paid) FROM orders"
                        + " GROUP BY ALL ORDER BY 1");

        assertThat(answer.rows().toString())
                .isEqualTo("[[\"n0\",\"1700.00\",34,\"2001-01-02T03:04:00Z\",true], [\"n1\",\"1633.50\",33,"
                        + "\"2001-01-02T03:04:01Z\",true], [\"n2\",\"1666.50\",33,\"2001-01-02T03:04:02Z\",true]]");
        SqlFixture.Answer all = sql.ask("SELECT * FROM orders");
        assertThat(all.names())
                .containsExactly(
                        "id",
                        "price",
                        "paid",
                        "placed",
                        "who",
                        "_key",
                        "_timestamp",
                        "_partition",
                        "_offset",
                        "_headers",
                        "_tombstone",
                        "_key_raw",
                        "_raw");
        assertThat(all.type("id")).isEqualTo("BIGINT");
        assertThat(all.type("price")).isEqualTo("DECIMAL(18,2)");
        assertThat(all.type("who")).isEqualTo("STRUCT(\"name\" VARCHAR, tags VARCHAR[])");
        assertThat(all.rows()).hasSize(100);
        assertThat(all.cut().toString()).contains("from=0, to=50, cold=0");
    }

    @Test
    void anUnknownTopicNamesTheNearest() throws Exception {
        create("shipments", 1);

        assertThatThrownBy(() -> sql.ask("SELECT * FROM shipmens"))
                .isInstanceOf(WeirException.class)
                .hasMessage("Topic 'shipmens': does not exist. Did you mean 'shipments'?")
                .extracting("status")
                .isEqualTo(404);
    }

    private static void send(List<ProducerRecord<byte[], byte[]>> records) {
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            records.forEach(producer::send);
        }
    }

    private static ProducerRecord<byte[], byte[]> record(String topic, String value) {
        return new ProducerRecord<>(topic, 0, 1_000L, null, value == null ? null : utf8(value));
    }

    @Test
    void oddValuesAreNullForThemselvesAndHarmNoOtherRow() throws Exception {
        create("odd", 1);
        List<ProducerRecord<byte[], byte[]>> records = new java.util.ArrayList<>();
        for (int i = 0; i < 300; i++) {
            records.add(record("odd", "{\"n\":" + i + ",\"s\":\"x\"}"));
        }
        records.add(new ProducerRecord<>("odd", 0, 1_000L, null, new byte[] {'{', (byte) 0xff, (byte) 0xfe, '}'}));
        records.add(record("odd", "{\"n\":5"));
        records.add(record("odd", "{\"n\":5.5,\"s\":7}"));
        records.add(record("odd", "{}"));
        records.add(record("odd", ""));
        records.add(record("odd", null));
        send(records);

        assertThat(sql.ask("SELECT count(*), count(n), sum(n), count(s), count(*) FILTER (_tombstone),"
                                + " count(*) FILTER (octet_length(_raw) = 0) FROM odd")
                        .only()
                        .toString())
                .isEqualTo("[306,300,44850,301,1,1]");
        assertThat(sql.ask("SELECT decode(_raw) FROM odd WHERE n IS NULL AND s IS NOT NULL")
                        .only()
                        .toString())
                .isEqualTo("[\"{\\\"n\\\":5.5,\\\"s\\\":7}\"]");
    }

    @Test
    void abortedRecordsAreInvisibleAndMarkersAtTheEndDoNotHang() throws Exception {
        create("paid", 2);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("transactional.id", "paid"))) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 6; transaction++) {
                producer.beginTransaction();
                for (int i = 0; i < 20; i++) {
                    producer.send(
                            new ProducerRecord<>("paid", i % 2, 0L, utf8("k"), utf8("{\"t\":" + transaction + "}")));
                }
                producer.flush();
                if (transaction % 2 == 0) {
                    producer.commitTransaction();
                } else {
                    producer.abortTransaction();
                }
            }
            producer.beginTransaction();
            producer.send(new ProducerRecord<>("paid", 0, 0L, utf8("k"), utf8("{\"t\":99}")))
                    .get();

            SqlFixture.Answer answer = sql.ask("SELECT t, count(*) FROM paid GROUP BY t ORDER BY t");

            assertThat(answer.rows().toString()).isEqualTo("[[0,20], [2,20], [4,20]]");
            producer.commitTransaction();
        }
        assertThat(sql.ask("SELECT count(*) FROM paid WHERE t = 99").only().toString())
                .isEqualTo("[1]");
    }

    @Test
    void aCutSentBackGivesTheSameRowsWhateverCameSince() throws Exception {
        create("growing", 2);
        send(java.util.Collections.nCopies(50, record("growing", "{\"a\":1}")));
        SqlFixture.Answer first = sql.ask("SELECT _partition, _offset, a FROM growing");
        send(java.util.Collections.nCopies(70, record("growing", "{\"a\":2,\"b\":true}")));

        SqlFixture.Answer again = sql.ask("SELECT _partition, _offset, a FROM growing", first.asOf());

        assertThat(again.sorted()).isEqualTo(first.sorted()).hasSize(50);
        assertThat(again.cut()).isEqualTo(first.cut());
        assertThat(sql.ask("SELECT count(*) FROM growing").only().toString()).isEqualTo("[120]");
        assertThatThrownBy(() -> sql.ask(
                        "SELECT 1 FROM growing",
                        new AsOf(Map.of(
                                io.weir.log.topic.TopicName.of("growing"),
                                new AsOf.Vector(Map.of(), Map.of(0, 1_000L), Map.of())))))
                .extracting("code")
                .isEqualTo("asof-above-stable");
    }

    @Test
    void columnsAreOnlyAddedWhenLaterRecordsHaveMore() throws Exception {
        create("evolving", 1);
        send(java.util.Collections.nCopies(10, record("evolving", "{\"a\":1}")));
        SqlFixture.Answer before = sql.ask("SELECT * FROM evolving");
        send(java.util.Collections.nCopies(50, record("evolving", "{\"a\":1.5,\"b\":true}")));

        SqlFixture.Answer after = sql.ask("SELECT * FROM evolving");

        assertThat(before.names().subList(0, 2)).containsExactly("a", "_key");
        assertThat(after.names().subList(0, 3)).containsExactly("a", "a__dbl", "b");
        assertThat(after.type("a")).isEqualTo(before.type("a")).isEqualTo("BIGINT");
    }

    @Test
    void aTextTopicHasItsValueAsText() throws Exception {
        create("lines", 1);
        send(List.of(record("lines", "hello"), record("lines", "world, \"quoted\"")));

        assertThat(sql.ask("SELECT _value FROM lines ORDER BY _offset").rows().toString())
                .isEqualTo("[[\"hello\"], [\"world, \\\"quoted\\\"\"]]");
    }

    @Test
    void membersOfAJsonKeyAreReachable() throws Exception {
        create("windowed", 1);
        send(List.of(new ProducerRecord<>(
                "windowed",
                0,
                5L,
                utf8(
                        "{\"key\":\"ORD\",\"window_start\":\"2001-01-01T00:00:00Z\",\"window_end\":\"2001-01-01T01:00:00Z\"}"),
                utf8("{\"flights\":3}"))));

        assertThat(sql.ask("SELECT _key->>'key', (_key->>'window_start')::TIMESTAMPTZ, flights FROM windowed")
                        .only()
                        .toString())
                .isEqualTo("[\"ORD\",\"2001-01-01T00:00:00Z\",3]");
    }

    @Test
    void anEmptyTopicHasItsFixedColumnsAndNoRows() throws Exception {
        create("empty", 3);

        assertThat(sql.ask("SELECT count(*), max(_offset) FROM empty").only().toString())
                .isEqualTo("[0,null]");
    }

    @Test
    void failuresSayWhatIsWrong() throws Exception {
        create("plain", 1);
        send(List.of(record("plain", "{\"a\":\"x\"}")));
        create("secret-plans", 1);

        assertCode("SELECT nope FROM plain", "sql-invalid", "Referenced column \"nope\" not found");
        assertCode("SELECT a::INT FROM plain", "sql-invalid", "Could not convert string 'x' to INT32");
        assertCode("SELECT FROM plain WHERE", "sql-syntax", "at line 1, column");
        assertCode("SELECT * FROM \"secret-plans\"", "topic-forbidden", "may not read it");
        assertCode("SELECT * FROM __weir_catalog", "topic-unknown", "internal topics");
        assertCode("SELECT '" + "x".repeat(70_000) + "'", "sql-too-large", "at most 65536 bytes");
        assertCode("SELECT current_settin('x')", "sql-function-refused", "unknown");
    }

    private static void assertCode(String statement, String code, String message) {
        assertThatThrownBy(() -> sql.ask(statement))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining(message)
                .extracting("code")
                .isEqualTo(code);
    }

    @Test
    void aTruncatedAnswerSaysSo() throws Exception {
        create("many", 1);
        send(java.util.Collections.nCopies(30, record("many", "{\"a\":1}")));
        SqlRequest request = new SqlRequest(
                "SELECT * FROM many -- all of it",
                "local",
                AsOf.now(),
                false,
                10,
                Duration.ofSeconds(20),
                io.weir.tiered.query.process.ChildStatement.Format.JSON);

        SqlFixture.Answer answer = sql.ask(request);

        assertThat(answer.rows()).hasSize(10);
        assertThat(answer.end().truncated()).isTrue();
    }

    @Test
    void theHotBudgetIsHeld() throws Exception {
        create("wide", 1);
        byte[] value = new byte[100_000];
        new java.util.Random(7).nextBytes(value);
        send(java.util.Collections.nCopies(30, new ProducerRecord<>("wide", 0, 0L, null, value)));
        try (SqlFixture small = new SqlFixture(
                connection,
                directory.resolve("small"),
                ColdFiles.none(),
                SqlFixture.childSettings(directory.resolve("small")).withConcurrency(1, 1, 0),
                SqlSettings.of(directory.resolve("small-hot")).withHotMaxBytes(1 << 20))) {

            assertThatThrownBy(() -> small.ask("SELECT count(*) FROM wide"))
                    .isInstanceOf(WeirException.class)
                    .hasMessageContaining("weir.sql.hot.max-bytes")
                    .extracting("code")
                    .isEqualTo("hot-too-large");
        }
    }
}

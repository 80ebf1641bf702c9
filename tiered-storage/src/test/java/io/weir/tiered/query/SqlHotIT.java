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
        node = Node.create(NodeSettings.singleNode(directory.resolve("data")).withPorts(0, 0));
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
}

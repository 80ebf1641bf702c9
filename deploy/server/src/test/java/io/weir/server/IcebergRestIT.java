package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.rest.RESTCatalog;
import org.apache.iceberg.types.Types;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A packaged node's tables, read by Iceberg's own REST client and reader, which know nothing of Weir.
class IcebergRestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final TableIdentifier ORDERS = TableIdentifier.of("lake", "orders");
    private static final int COUNT = 500;

    @TempDir
    private static Path folder;

    private static WeirProcess node;
    private static RESTCatalog catalog;

    @BeforeAll
    static void aTopicThatIsTieredToItsEnd() throws Exception {
        node = WeirProcess.start(folder.resolve("data"), Map.of("weir.lake.commit.interval", "500ms"));
        Map<String, Object> properties =
                Map.of("bootstrap.servers", node.kafka(), "transactional.id", "orders", "linger.ms", 5);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.initTransactions();
            for (int transaction = 0; transaction < 4; transaction++) {
                producer.beginTransaction();
                boolean aborted = transaction % 2 == 1;
                for (int i = 0; i < COUNT / 2; i++) {
                    int number = transaction / 2 * (COUNT / 2) + i;
                    producer.send(new ProducerRecord<>(
                            "orders",
                            0,
                            1_000L + number,
                            null,
                            bytes("{\"name\":\"" + (aborted ? "aborted" : "order " + number) + "\"}")));
                }
                if (aborted) {
                    producer.flush();
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        HttpResponse<String> asked = node.post("/archive/orders/tier", "");
        assertThat(asked.statusCode()).as(asked.body()).isEqualTo(202);
        catalog = new RESTCatalog();
        catalog.initialize("weir", Map.of("uri", node.http().resolve("/iceberg").toString()));
        await("rows in the table").atMost(Duration.ofSeconds(90)).until(() -> rowsIn("total-records") == COUNT);
    }

    @AfterAll
    static void stop() throws Exception {
        if (catalog != null) {
            catalog.close();
        }
        node.close();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static long rowsIn(String property) {
        if (!catalog.tableExists(ORDERS)) {
            return 0;
        }
        Table table = catalog.loadTable(ORDERS);
        return table.currentSnapshot() == null
                ? 0
                : Long.parseLong(table.currentSnapshot().summary().get(property));
    }

    @Test
    void icebergsOwnClientReadsEveryCommittedRecord() throws Exception {
        assertThat(catalog.listNamespaces()).containsExactly(Namespace.of("lake"));
        assertThat(catalog.listTables(Namespace.of("lake"))).contains(ORDERS);
        assertThat(catalog.namespaceExists(Namespace.of("sea"))).isFalse();
        assertThat(catalog.tableExists(TableIdentifier.of("lake", "gone"))).isFalse();
        Map<Long, String> rows = new TreeMap<>();
        try (CloseableIterable<Record> records =
                IcebergGenerics.read(catalog.loadTable(ORDERS)).build()) {
            for (Record row : records) {
                assertThat(row.getField("_raw")).isNull();
                String value = (String) row.getField("name");
                long millis = ((OffsetDateTime) row.getField("_timestamp"))
                        .toInstant()
                        .toEpochMilli();
                String before = rows.put((Long) row.getField("_offset"), value + " at " + millis);
                assertThat(before).isNull();
            }
        }

        List<String> expected = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            expected.add("order " + i + " at " + (1_000L + i));
        }
        assertThat(rows.values()).containsExactlyElementsOf(expected);
    }

    @Test
    void theArchivePageNamesTheSnapshot() throws Exception {
        JsonNode table = JSON.readTree(node.get("/archive/orders").body()).path("table");

        assertThat(table.path("name").asText()).isEqualTo("lake.orders");
        assertThat(table.path("snapshotId").asText())
                .isEqualTo(Long.toString(
                        catalog.loadTable(ORDERS).currentSnapshot().snapshotId()));
        assertThat(table.path("offsets").path("0").asLong()).isGreaterThan(COUNT);
    }

    @Test
    void writesAreAnsweredWithTheRule() throws Exception {
        HttpResponse<String> create = node.post("/iceberg/v1/namespaces/lake/tables", "{}");
        assertThat(create.statusCode()).isEqualTo(405);
        assertThat(JSON.readTree(create.body()).path("error").path("message").asText())
                .contains("read-only");
        for (String path : List.of(
                "/iceberg/v1/namespaces",
                "/iceberg/v1/namespaces/lake/tables/orders",
                "/iceberg/v1/tables/rename",
                "/iceberg/v1/transactions/commit")) {
            assertThat(node.post(path, "{}").statusCode()).as(path).isEqualTo(405);
        }
        HttpRequest drop = HttpRequest.newBuilder(node.http().resolve("/iceberg/v1/namespaces/lake/tables/orders"))
                .DELETE()
                .build();
        assertThat(node.send(drop).statusCode()).isEqualTo(405);
        assertThatThrownBy(() -> catalog.createTable(
                        TableIdentifier.of("lake", "mine"),
                        new Schema(Types.NestedField.optional(1, "a", Types.LongType.get()))))
                .isInstanceOf(UnsupportedOperationException.class);
        assertThat(rowsIn("total-records")).isEqualTo(COUNT);
    }

    @Test
    void pagesOfOtherSitesAreTurnedAway() throws Exception {
        HttpRequest foreign = HttpRequest.newBuilder(node.http().resolve("/iceberg/v1/config"))
                .header("Origin", "https://elsewhere.example")
                .build();

        assertThat(node.send(foreign).statusCode()).isEqualTo(403);
    }

    @Test
    void theLinesToPasteNameTheCatalogAndATable() throws Exception {
        for (String engine : List.of("duckdb", "spark", "trino", "pyiceberg")) {
            Cli.Result lines = Cli.run("attach", engine, "--server", node.http().toString());

            assertThat(lines.exitCode()).as(lines.err()).isZero();
            assertThat(lines.out())
                    .contains(node.http().resolve("/iceberg").toString())
                    .contains("orders");
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void sparkReadsEveryValueWithThePrintedLines() throws Exception {
        // Given
        List<String> expected = new ArrayList<>();
        Map<String, Object> properties = Map.of("bootstrap.servers", node.kafka());
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < 300; i++) {
                String value = "{\"id\":" + (9007199254740993L + i) + ",\"price\":" + i + ".25,\"tags\":[\"a" + i
                        + "\",\"b\"],\"to\":{\"city\":\"Köln " + i + "\",\"zip\":" + i + "},\"ok\":" + (i % 2 == 0)
                        + "}";
                producer.send(new ProducerRecord<>("typed", 0, bytes("k" + i), bytes(value)));
                expected.add(
                        "{\"_log_partition\":0,\"_offset\":" + i + ",\"_key\":\"k" + i + "\"," + value.substring(1));
            }
        }
        TableIdentifier typed = TableIdentifier.of("lake", "typed");
        node.post("/archive/typed/tier", "");
        await("rows in the table")
                .atMost(Duration.ofSeconds(60))
                .until(() ->
                        catalog.tableExists(typed) && catalog.loadTable(typed).currentSnapshot() != null);
        Cli.Result lines = Cli.run(
                "attach", "spark", "--topic", "typed", "--server", node.http().toString());

        // When
        Spark spark = new Spark(lines.out());
        List<List<String>> rows = spark.run(
                folder,
                spark.statement(),
                "SELECT _log_partition, _offset, _key, id, price, tags, to, ok FROM weir.lake.`typed` ORDER BY _offset",
                "SELECT name, unix_millis(_timestamp) AS at FROM weir.lake.`orders` ORDER BY _offset");

        // Then
        assertThat(Spark.jars()).as("the printed package is what is run").contains(spark.jar());
        assertThat(rows.get(0)).hasSize(10);
        assertThat(rows.get(1)).isEqualTo(expected);
        List<String> orders = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            orders.add("{\"name\":\"order " + i + "\",\"at\":" + (1_000L + i) + "}");
        }
        assertThat(rows.get(2)).isEqualTo(orders);
    }

    @Test
    void theCommitterTellsHowItIsDoing() throws Exception {
        String metrics = node.get("/q/metrics").body();

        assertThat(metrics)
                .contains("weir_lake_commit_seconds_count")
                .contains("weir_lake_committed_lag_offsets 0.0")
                .contains("weir_lake_gap_offsets_total 0.0");
    }
}

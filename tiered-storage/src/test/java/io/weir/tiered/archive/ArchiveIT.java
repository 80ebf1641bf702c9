package io.weir.tiered.archive;

import static io.weir.tiered.archive.TieredNode.TIERED;
import static io.weir.tiered.archive.TieredNode.assertSame;
import static io.weir.tiered.archive.TieredNode.values;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpServer;
import io.weir.tiered.shape.CountingLakeSchema;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.UnaryOperator;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The joined path on a real node: produce, copy, drop the local copies, read back with a plain consumer.
class ArchiveIT {
    private static final Map<String, Object> EVERYTHING = Map.of("isolation.level", "read_uncommitted");

    @TempDir
    static Path data;

    private static TieredNode node;

    private static HttpServer registry;

    @BeforeAll
    static void startNode() throws IOException {
        registry = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        AvroOrders.SCHEMAS.forEach((id, schema) -> registry.createContext("/schemas/ids/" + id, exchange -> {
            byte[] answer = ("{\"schema\":" + TextNode.valueOf(schema) + "}").getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        }));
        registry.start();
        String address = "http://127.0.0.1:" + registry.getAddress().getPort();
        node = TieredNode.start(
                data,
                Map.of(ArchiveSettings.SHAPE_ENABLED, "true", ArchiveSettings.SHAPE_REGISTRY_URL, address),
                Map.of());
    }

    @AfterAll
    static void stopNode() {
        node.close();
        registry.stop(0);
    }

    @Test
    void aTieredTopicReadsBackRecordForRecord() throws Exception {
        // Given
        node.create("tiered", 2, TIERED);
        node.produce("tiered", 16_000, 7);
        List<ConsumerRecord<byte[], byte[]>> hot = node.readAll("tiered", 2, EVERYTHING);

        // When
        node.awaitTiered("tiered", 2);
        List<ConsumerRecord<byte[], byte[]>> cold = node.readAll("tiered", 2, EVERYTHING);

        // Then
        assertThat(hot).hasSize(16_000);
        assertSame(hot, cold);
    }

    @Test
    void aShreddedTopicReadsBackRecordForRecord() throws Exception {
        // Given
        String cluster = node.admin.describeCluster().clusterId().get();
        CountingLakeSchema schema = new CountingLakeSchema();
        LakeSchemas.offer(cluster, schema);
        try {
            node.create("shredded", 1, TIERED);
            List<byte[]> flights = flights(20_000);
            node.produce("shredded", flights);
            List<ConsumerRecord<byte[], byte[]>> hot = node.readAll("shredded", 1, EVERYTHING);

            // When
            node.awaitTiered("shredded", 1);
            List<ConsumerRecord<byte[], byte[]>> cold = node.readAll("shredded", 1, EVERYTHING);

            // Then
            assertThat(values(cold))
                    .isEqualTo(flights.stream()
                            .map(flight -> new String(flight, StandardCharsets.UTF_8))
                            .toList());
            assertSame(hot, cold);
            TopicNumbers archived = ArchiveMetrics.PROCESS.byTopic().get("shredded");
            assertThat(archived.records.sum()).isEqualTo(flights.size());
            // one value in a hundred is no JSON
            assertThat(archived.rawRecords.sum()).isEqualTo(flights.size() / 100);
        } finally {
            LakeSchemas.withdraw(cluster, schema);
        }
    }

    @Test
    void avroOfSeveralSchemasReadsBackRecordForRecordFromItsColumns() throws Exception {
        // Given
        String cluster = node.admin.describeCluster().clusterId().get();
        CountingLakeSchema schema = new CountingLakeSchema();
        LakeSchemas.offer(cluster, schema);
        try {
            node.create("avro", 1, TIERED);
            AvroOrders orders = new AvroOrders(12_000, 3);
            node.produce("avro", orders.values());
            List<ConsumerRecord<byte[], byte[]>> hot = node.readAll("avro", 1, EVERYTHING);

            // When
            node.awaitTiered("avro", 1);
            List<ConsumerRecord<byte[], byte[]>> cold = node.readAll("avro", 1, EVERYTHING);

            // Then
            assertThat(hot).hasSize(12_000);
            assertSame(hot, cold);
            try (Connection duckdb = DriverManager.getConnection("jdbc:duckdb:");
                    Statement query = duckdb.createStatement();
                    ResultSet sums = query.executeQuery("SELECT sum(id), sum(price), count(note), count(_raw) FROM"
                            + " read_parquet('" + data.resolve("archive") + "/*/lake/*/avro-*/**/*.parquet')")) {
                assertThat(sums.next()).isTrue();
                assertThat(sums.getLong(1)).isEqualTo(orders.ids());
                assertThat(sums.getDouble(2)).isEqualTo(orders.prices());
                assertThat(sums.getLong(3)).isEqualTo(orders.notes());
                assertThat(sums.getLong(4)).isZero();
            }
        } finally {
            LakeSchemas.withdraw(cluster, schema);
        }
    }

    private static List<byte[]> flights(int count) throws IOException {
        Path file = Path.of("../deploy/examples/data/flights-2001.ndjson.gz");
        try (BufferedReader lines = new BufferedReader(
                new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), StandardCharsets.UTF_8))) {
            List<byte[]> flights = new ArrayList<>();
            while (flights.size() < count) {
                String line = lines.readLine();
                String value = flights.size() % 100 == 7 ? line.substring(1) : line;
                flights.add(value.getBytes(StandardCharsets.UTF_8));
            }
            return flights;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"none", "lz4"})
    void noAbortedRecordLeaks(String codec) throws Exception {
        // Given
        String topic = "aborts-" + codec;
        node.create(topic, 1, TIERED);
        List<String> committed = node.produceTransactions(topic, codec, 60, 200);
        List<ConsumerRecord<byte[], byte[]>> everything = node.readAll(topic, 1, EVERYTHING);

        // When
        node.awaitTiered(topic, 1);

        // Then: in small answers and in large ones
        for (int fetchBytes : List.of(20_480, 1_048_576)) {
            List<ConsumerRecord<byte[], byte[]>> seen = node.readAll(
                    topic,
                    1,
                    Map.of(
                            "isolation.level", "read_committed",
                            "max.partition.fetch.bytes", fetchBytes,
                            "fetch.max.bytes", fetchBytes));
            assertThat(values(seen)).isEqualTo(committed);
        }
        assertSame(everything, node.readAll(topic, 1, EVERYTHING));
    }

    @Test
    void tierNowArchivesAnOrdinaryTopicAndPutsItsSettingBack() throws Exception {
        // Given
        node.create("ordinary", 2, Map.of("segment.bytes", "1048576"));
        node.produce("ordinary", 10_000, 3);
        List<ConsumerRecord<byte[], byte[]>> hot = node.readAll("ordinary", 2, EVERYTHING);
        Archiving archiving = new Archiving(node.admin, true, 123_456_789);
        InMemory memory = new InMemory();
        archiving.reconcile();
        assertThat(archiving.isOn("ordinary")).isTrue();
        assertThat(archiving.localBytes("ordinary")).isEqualTo("123456789");

        // When
        TierNow.Progress started = new TierNow(node.admin, archiving, memory).start("ordinary");
        assertThat(started.partitions())
                .hasSize(2)
                .allSatisfy(partition -> assertThat(partition.target()).isEqualTo(5000));
        TierNow afterRestart = new TierNow(node.admin, archiving, memory);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            afterRestart.resume();
            assertThat(afterRestart.progress("ordinary").state()).isEqualTo(TierNow.State.DONE);
        });

        // Then
        assertThat(archiving.localBytes("ordinary")).isEqualTo("123456789");
        assertThat(memory.all()).isEmpty();
        assertSame(hot, node.readAll("ordinary", 2, EVERYTHING));
        assertTheFoldTellsTheSame();
    }

    private static void assertTheFoldTellsTheSame() throws Exception {
        URI root = URI.create(ArchiveBrokerSettings.defaultUri(data));
        String cluster = node.admin.describeCluster().clusterId().get();
        try (ObjectStore store = HadoopObjectStore.open(root, Map.of());
                RemoteLogFold fold = new RemoteLogFold(
                        node.admin, node.client(Map.of()), store, root, new ArchiveLayout(cluster, "lake"))) {
            ArchivedTopic topic = fold.snapshot("ordinary");
            assertThat(topic.partitions()).hasSize(2);
            topic.partitions().values().forEach(partition -> {
                assertThat(partition.committed()).isEqualTo(5000);
                assertThat(partition.segments().stream()
                                .flatMap(segment -> segment.files().stream())
                                .mapToLong(file -> file.rows())
                                .sum())
                        .isEqualTo(5000);
                partition.segments().stream()
                        .flatMap(segment -> segment.files().stream())
                        .forEach(file -> assertThat(fold.localFile(file.path()).orElseThrow())
                                .exists());
            });
            assertThatThrownBy(() -> fold.snapshot("no-such-topic")).isInstanceOf(NoSuchTopicException.class);
        }
    }

    @Test
    void whatIsNoOrdinaryTopicStaysAsItIs() throws Exception {
        // Given
        node.create("compacted", 1, Map.of("cleanup.policy", "compact"));
        node.create("job.v1-counts-changelog", 1, Map.of());
        node.create("orders.dlq", 1, Map.of());
        node.create("opted-out", 1, Map.of("remote.storage.enable", "false"));
        Archiving archiving = new Archiving(node.admin, true, 1);

        // When
        archiving.reconcile();

        // Then
        for (String topic : List.of("compacted", "job.v1-counts-changelog", "orders.dlq", "opted-out")) {
            assertThat(archiving.isOn(topic)).as(topic).isFalse();
        }
        TierNow tierNow = new TierNow(node.admin, archiving, new InMemory());
        assertThatThrownBy(() -> tierNow.start("compacted"))
                .isInstanceOf(TopicNotArchivableException.class)
                .hasMessageContaining("compacted");
        assertThatThrownBy(() -> tierNow.start("no-such-topic")).isInstanceOf(NoSuchTopicException.class);
    }

    /// The memory of `tier now` without a journal: what survives a restart here is this object.
    private static final class InMemory implements PendingTier.Memory {
        private final Map<String, PendingTier> pending = new ConcurrentHashMap<>();

        @Override
        public Map<String, PendingTier> all() {
            return Map.copyOf(pending);
        }

        @Override
        public void update(String topic, UnaryOperator<PendingTier> change) {
            pending.put(topic, change.apply(pending.get(topic)));
        }

        @Override
        public void forget(PendingTier expected) {
            pending.remove(expected.topic(), expected);
        }

        @Override
        public void forgetTopic(String topic) {
            pending.remove(topic);
        }
    }
}

package io.weir.tiered.archive;

import static io.weir.tiered.archive.TieredNode.TIERED;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.log.cluster.LogConnection;
import io.weir.log.journal.CompactedJournal;
import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import io.weir.log.journal.JournalSettings;
import io.weir.log.topic.TopicName;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import io.weir.tiered.table.ArchivedTopics;
import io.weir.tiered.table.Committer;
import io.weir.tiered.table.Compaction;
import io.weir.tiered.table.LakeMetrics;
import io.weir.tiered.table.LakeTables;
import io.weir.tiered.table.Row;
import io.weir.tiered.table.TablePointer;
import io.weir.tiered.table.TableRows;
import io.weir.tiered.table.Upkeep;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a consumer reads and what the table holds are the same records, on a real node, with the catalog in a
/// real topic.
class LakeIT {
    private static final Map<String, Object> COMMITTED = Map.of("isolation.level", "read_committed");

    @TempDir
    Path data;

    private TieredNode node;
    private ObjectStore store;
    private final RewriteCounts counts = new MemoryRewriteCounts();
    private SegmentRewrites rewrites;
    private RemoteLogFold fold;
    private Journal<Map<String, TablePointer>> journal;
    private String cluster;
    private LakeTables tables;
    private ArchivedTopics topics;

    @BeforeEach
    void start() throws Exception {
        node = TieredNode.start(data.resolve("node"), Map.of(), Map.of());
        cluster = node.admin.describeCluster().clusterId().get();
        URI root = URI.create(ArchiveBrokerSettings.defaultUri(data.resolve("node")));
        ArchiveLayout layout = new ArchiveLayout(cluster, "lake");
        store = HadoopObjectStore.open(root, Map.of());
        fold = new RemoteLogFold(node.admin, node.client(Map.of()), store, root, layout, counts);
        rewrites = new SegmentRewrites(store, layout, data.resolve("rewrites"), counts, RewriteLeases.ALONE);
        journal = open(cluster);
        tables = new LakeTables(journal, store, root, data.resolve("staging"), layout);
        Archiving archiving = new Archiving(node.admin, true, 1);
        topics = new ArchivedTopics() {
            @Override
            public Iterable<String> archived() {
                return archiving.topics();
            }

            @Override
            public Map<String, UUID> ids() {
                return archiving.ids();
            }

            @Override
            public ArchivedTopic snapshot(String topic) {
                return fold.snapshot(topic);
            }

            @Override
            public LakeRetention retention(UUID topicId) {
                return LakeRetention.FOLLOW;
            }

            @Override
            public Set<String> listed(UUID topicId) {
                return fold.listed(topicId);
            }
        };
    }

    private Journal<Map<String, TablePointer>> open(String cluster) {
        return CompactedJournal.open(
                new LogConnection(cluster, node.bootstrap, Map.of(), (short) 1),
                JournalSettings.of(TopicName.of("__weir_catalog")),
                Map.of(),
                TablePointer::fold);
    }

    @AfterEach
    void stop() throws Exception {
        journal.close();
        fold.close();
        store.close();
        node.close();
    }

    private void pass() {
        LakeMetrics metrics = new LakeMetrics();
        new Committer(tables, topics, UUID::randomUUID, 64, Time.SYSTEM, metrics).pass(() -> true);
        assertThat(metrics.failures()).isZero();
    }

    private static Row row(ConsumerRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(header.key() + "=" + Row.hex(header.value()));
        }
        return new Row(
                record.partition(),
                record.offset(),
                record.timestamp(),
                Row.hex(record.key()),
                headers,
                Row.hex(record.value()));
    }

    private List<Row> consumed(String topic, int partitions) throws Exception {
        return node.readAll(topic, partitions, COMMITTED).stream()
                .map(LakeIT::row)
                .sorted(Comparator.comparing(Row::partition).thenComparing(Row::offset))
                .toList();
    }

    @Test
    void theTableHoldsWhatACommittedReaderReads() throws Exception {
        // Given
        node.create("plain", 2, TIERED);
        node.create("transactions", 1, TIERED);
        node.produce("plain", 10_000, 7);
        node.produceTransactions("transactions", "lz4", 20, 100);
        List<Row> plain = consumed("plain", 2);
        List<Row> committed = consumed("transactions", 1);
        node.awaitTiered("plain", 2);
        node.awaitTiered("transactions", 1);

        // When
        pass();

        // Then
        UUID plainId = topics.ids().get("plain");
        assertThat(plain).hasSize(10_000);
        assertThat(TableRows.of(tables, plainId)).isEqualTo(plain);
        assertThat(committed).hasSize(1000);
        assertThat(TableRows.of(tables, topics.ids().get("transactions"))).isEqualTo(committed);
        assertThat(duckDb(TableRows.files(tables, plainId))).isEqualTo(plain);

        // and what comes later joins it, once
        node.produce("plain", 2_000, 8);
        List<Row> more = consumed("plain", 2);
        node.awaitTiered("plain", 2);
        pass();
        pass();
        assertThat(TableRows.of(tables, plainId)).isEqualTo(more).hasSize(12_000);

        // and a process that knows nothing finds the same
        try (Journal<Map<String, TablePointer>> again = open(cluster)) {
            assertThat(again.latest()).isEqualTo(journal.latest()).containsKeys("lake/plain", "lake/transactions");
        }
    }

    @Test
    void whatTheLogDropsLeavesTheTable() throws Exception {
        // Given
        node.create("short", 1, TIERED);
        node.produce("short", 30_000, 5, 1);
        node.awaitTiered("short", 1);
        pass();
        UUID id = topics.ids().get("short");
        List<Row> before = TableRows.of(tables, id);
        assertThat(before).isEqualTo(consumed("short", 1)).hasSize(30_000);
        int files = TableRows.files(tables, id).size();
        assertThat(files).isGreaterThan(2);

        // When
        long start = before.get(20_000).offset();
        node.admin
                .deleteRecords(Map.of(new TopicPartition("short", 0), RecordsToDelete.beforeOffset(start)))
                .all()
                .get();
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            pass();
            assertThat(TableRows.files(tables, id)).hasSizeLessThan(files);
        });

        // Then: all that the log has is there, and no file that is wholly below its start
        List<Row> after = TableRows.of(tables, id);
        List<Row> left = consumed("short", 1);
        assertThat(left.getFirst().offset()).isEqualTo(start);
        assertThat(after.stream().filter(row -> row.offset() >= start)).containsExactlyElementsOf(left);
        assertThat(before.subList((int) after.getFirst().offset(), before.size()))
                .isEqualTo(after);

        // and a topic that is gone takes its table with it
        node.admin.deleteTopics(List.of("short")).all().get();
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(() -> assertThat(topics.ids()).doesNotContainKey("short"));
        Committer committer = new Committer(tables, topics, UUID::randomUUID, 64, Time.SYSTEM, new LakeMetrics());
        committer.pass(() -> true);
        assertThat(journal.latest()).containsKey("lake/short");
        committer.pass(() -> true);
        assertThat(journal.latest()).doesNotContainKey("lake/short");
    }

    @Test
    void manySmallFilesBecomeOneAndEveryReaderReadsTheSame() throws Exception {
        // Given: a topic of many segments, transactions among them
        node.create("small", 1, TIERED);
        for (int i = 0; i < 6; i++) {
            if (i % 2 == 0) {
                List<String> unused = node.produceTransactions("small", "zstd", 3, 50);
            }
            node.produce("small", 400, i, 1);
            node.awaitTiered("small", 1);
        }
        pass();
        UUID id = topics.ids().get("small");
        List<ConsumerRecord<byte[], byte[]>> uncommitted = node.readAll("small", 1, Map.of());
        List<Row> committed = consumed("small", 1);
        List<String> before = TableRows.files(tables, id);
        assertThat(before).hasSizeGreaterThanOrEqualTo(6);
        assertThat(TableRows.of(tables, id)).isEqualTo(committed);

        // When
        Compaction compaction = new Compaction(
                tables,
                topics,
                rewrites,
                UUID::randomUUID,
                new LakeMetrics(),
                new Compaction.Settings(true, 1L << 30, 2));
        compaction.pass(() -> true);

        // Then
        List<String> files = TableRows.files(tables, id);
        assertThat(files).hasSize(1).doesNotContainAnyElementsOf(before);
        assertThat(TableRows.of(tables, id)).isEqualTo(committed);
        assertThat(duckDb(files)).isEqualTo(committed);
        assertThat(fold.snapshot("small").partitions().get(0).segments())
                .allSatisfy(segment -> assertThat(segment.files())
                        .allSatisfy(file -> assertThat(files.getFirst()).endsWith(file.path())));
        TieredNode.assertSame(uncommitted, node.readAll("small", 1, Map.of()));

        // and without the small ones, once no snapshot needs them
        new Upkeep(
                        tables,
                        topics,
                        new Upkeep.Settings(Duration.ofNanos(1), Duration.ofNanos(1), 1000, 64),
                        Clock.fixed(Instant.now().plusSeconds(60), ZoneOffset.UTC))
                .pass(() -> true);
        assertThat(before)
                .allSatisfy(file -> assertThat(Path.of(URI.create(file))).doesNotExist());
        TieredNode.assertSame(uncommitted, node.readAll("small", 1, Map.of()));
        assertThat(consumed("small", 1)).isEqualTo(committed);
        assertThat(TableRows.of(tables, id)).isEqualTo(committed);

        // and what comes later joins it
        node.produce("small", 400, 99, 1);
        node.awaitTiered("small", 1);
        pass();
        compaction.pass(() -> true);
        List<Row> more = consumed("small", 1);
        assertThat(more).hasSize(committed.size() + 400);
        assertThat(TableRows.of(tables, id)).isEqualTo(more);
        assertThat(TableRows.files(tables, id)).hasSize(1);

        // and a table that is made anew from the sidecars has every row once
        Boolean unusedAnswer =
                journal.write(state -> new Decision<>(List.of(Entry.deletion("table/lake/small")), true));
        pass();
        assertThat(TableRows.of(tables, id)).isEqualTo(more);
    }

    /// The same rows, read by another engine from the files that the table lists.
    private static List<Row> duckDb(List<String> files) throws Exception {
        String list = files.stream()
                .map(file -> "'" + file.replace("file://", "") + "'")
                .collect(Collectors.joining(",", "[", "]"));
        List<Row> rows = new ArrayList<>();
        try (Connection duck = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = duck.createStatement();
                ResultSet result = statement.executeQuery("SELECT _partition, _offset, epoch_ms(_timestamp),"
                        + " lower(hex(coalesce(_key_raw, encode(_key)))), list_transform(_headers, lambda h: h.key || '='"
                        + " || coalesce(lower(hex(h.value)), 'null')), lower(hex(_raw)) FROM read_parquet(" + list
                        + ") ORDER BY _partition, _offset")) {
            while (result.next()) {
                List<String> headers = new ArrayList<>();
                for (Object header : (Object[]) result.getArray(5).getArray()) {
                    headers.add(String.valueOf(header));
                }
                rows.add(new Row(
                        result.getInt(1),
                        result.getLong(2),
                        result.getLong(3),
                        result.getString(4),
                        headers,
                        result.getString(6)));
            }
        }
        return rows;
    }
}

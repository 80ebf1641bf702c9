package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnType;
import io.weir.tiered.store.MemoryObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.Catalog;
import org.apache.iceberg.catalog.Namespace;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What holds for tables in a catalog of somebody else, whatever it speaks.
abstract class ForeignCatalogContract {
    @TempDir
    Path folder;

    LakeFixture lake;
    LakeTables tables;
    UUID topic;

    /// The catalog, as the settings name it.
    abstract ForeignCatalog catalog();

    /// The same, opened by somebody else.
    abstract Catalog theirs();

    @BeforeEach
    void start() throws Exception {
        lake = new LakeFixture(new MemoryObjectStore(), URI.create("s3a://bucket"), folder);
        tables = open();
        topic = lake.create("orders");
    }

    @AfterEach
    void stop() throws Exception {
        tables.close();
    }

    LakeTables open() {
        return lake.open().in(catalog());
    }

    void pass(CommitHooks hooks) {
        try (LakeTables fresh = open()) {
            new Committer(fresh, lake, lake::uuid, 64, Time.SYSTEM, lake.metrics, hooks).pass(() -> true);
        }
    }

    List<Row> rows() throws Exception {
        return TableRows.of(tables, topic);
    }

    @Test
    void theFirstTablesOfSeveralNodesAreMadeAtOnce() throws Exception {
        // Given
        List<String> topics = List.of("a", "a", "b", "c");
        CyclicBarrier together = new CyclicBarrier(topics.size());

        // When
        List<Future<Table>> made = new ArrayList<>();
        try (ExecutorService nodes = Executors.newFixedThreadPool(topics.size())) {
            for (String name : topics) {
                made.add(nodes.submit(() -> {
                    try (LakeTables node = open()) {
                        together.await();
                        return node.ensure(name, new UUID(9, name.hashCode()));
                    }
                }));
            }
        }

        // Then
        for (Future<Table> table : made) {
            assertThat(table.get().schema().findColumnName(2)).isEqualTo("_offset");
        }
        assertThat(theirs().listTables(Namespace.of("lake")))
                .extracting(TableIdentifier::name)
                .containsExactlyInAnyOrder("a", "b", "c");
    }

    @Test
    void segmentsAreCommittedThereExactlyOnce() throws Exception {
        lake.segment("orders", 0, 0, 50);
        pass(CommitHooks.NONE);
        lake.segment("orders", 0, 30, 70);
        pass(CommitHooks.NONE);
        pass(CommitHooks.NONE);

        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 70, "a"));
        assertThat(theirs().listTables(Namespace.of("lake"))).containsExactly(TableIdentifier.of("lake", "orders"));
        Table theirs = theirs().loadTable(TableIdentifier.of("lake", "orders"));
        assertThat(theirs.properties()).containsEntry("weir.offsets.v1", "0:70").containsEntry("gc.enabled", "false");
        assertThat(theirs.location()).isEqualTo("s3a://bucket/cluster-1/lake/lake/orders-00000001");
        assertThat(lake.metrics.failures()).isZero();
    }

    @Test
    void ofTwoCommittersOneIsTurnedAwayEvenWithoutRows() throws Exception {
        // Given: the slow one moves the vector alone, past offsets that hold no rows
        lake.segment("orders", 0, 0, 10);
        pass(CommitHooks.NONE);
        lake.emptySegment("orders", 0, 10, 15);
        AtomicBoolean once = new AtomicBoolean();

        // When
        pass(new CommitHooks() {
            @Override
            public void beforeCommit(String name) {
                if (once.compareAndSet(false, true)) {
                    try {
                        lake.segment("orders", 0, 15, 30);
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                    pass(CommitHooks.NONE);
                }
            }
        });
        pass(CommitHooks.NONE);

        // Then
        List<Row> expected = new java.util.ArrayList<>(LakeFixture.rows(0, 0, 10, "a"));
        expected.addAll(LakeFixture.rows(0, 15, 30, "a"));
        assertThat(rows()).isEqualTo(expected);
        assertThat(lake.metrics.failures()).isEqualTo(1);
    }

    @Test
    void columnsGrowThereAndTopicsMadeAgainGetTablesOfTheirOwn() throws Exception {
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            TableLakeSchema schema = new TableLakeSchema(tables, pool);
            List<Column> grown = schema.grow(
                            "orders",
                            topic,
                            List.of(new Column(0, "id", "id", ColumnType.LONG)),
                            Duration.ofSeconds(30))
                    .columns();
            assertThat(grown).containsExactly(new Column(13, "id", "id", ColumnType.LONG));
            assertThat(schema.columns("orders", topic).columns()).isEqualTo(grown);
        }
        lake.segment("orders", 0, 0, 5);
        pass(CommitHooks.NONE);
        lake.delete("orders");
        UUID again = lake.create("orders");
        lake.segment("orders", 0, 0, 3, "new");

        pass(CommitHooks.NONE);

        assertThat(TableRows.of(tables, again)).isEqualTo(LakeFixture.rows(0, 0, 3, "new"));
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 5, "a"));
        assertThat(theirs().listTables(Namespace.of("lake")))
                .containsExactlyInAnyOrder(
                        TableIdentifier.of("lake", "orders"), TableIdentifier.of("lake", "orders__00000001"));
    }
}

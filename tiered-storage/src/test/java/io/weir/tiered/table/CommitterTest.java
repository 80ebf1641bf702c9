package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnType;
import io.weir.tiered.store.MemoryObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Snapshot;
import org.apache.iceberg.Table;
import org.apache.iceberg.catalog.TableIdentifier;
import org.apache.iceberg.data.GenericRecord;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Every row of the archive is in its table exactly once, whatever happens on the way.
class CommitterTest {
    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private LakeFixture lake;
    private UUID topic;

    @BeforeEach
    void anArchiveWithOneTopic() {
        lake = new LakeFixture(store, URI.create("s3a://bucket/archive"), folder);
        topic = lake.create("orders");
    }

    private List<Row> rows() throws Exception {
        return TableRows.of(lake.tables, topic);
    }

    private static List<Row> all(List<Row> some, List<Row> more) {
        List<Row> all = new ArrayList<>(some);
        all.addAll(more);
        return all;
    }

    /// Ends a commit as the end of the process would.
    private static final class Halt extends Error {
        private static final long serialVersionUID = 1L;
    }

    private void passUntilItHalts(CommitHooks hooks) {
        try {
            lake.committer(hooks).pass(() -> true);
            throw new AssertionError("the pass did not come to the hook");
        } catch (Halt expected) {
            // nothing of the process is left but the journal and the store
        }
    }

    @Test
    void manySegmentsComeInWithOneSnapshot() throws Exception {
        // Given
        ArchivedTopic.Segment first = lake.segment("orders", 0, 0, 50);
        ArchivedTopic.Segment second = lake.segment("orders", 0, 50, 80);
        ArchivedTopic.Segment third = lake.segment("orders", 3, 0, 10);

        // When
        lake.pass();

        // Then
        assertThat(rows()).isEqualTo(all(LakeFixture.rows(0, 0, 80, "a"), LakeFixture.rows(3, 0, 10, "a")));
        Table table = lake.tables.find(topic).orElseThrow();
        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(1);
        assertThat(table.properties())
                .containsEntry("weir.offsets.v1", "0:80,3:10")
                .containsEntry("weir.topic-id", topic.toString());
        assertThat(table.currentSnapshot().summary())
                .containsEntry("weir.offsets.v1", "0:80,3:10")
                .containsEntry("weir.cluster-id", "cluster-1")
                .containsEntry("weir.topic-id", topic.toString())
                .containsEntry(
                        "weir.segments",
                        first.address().segment() + "," + second.address().segment() + ","
                                + third.address().segment())
                .containsEntry("total-records", "90");
        assertThat(table.location()).isEqualTo("s3a://bucket/archive/cluster-1/lake/lake/orders-00000001");
    }

    @Test
    void aSegmentThatIsOfferedAgainAddsNothing() throws Exception {
        // Given
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        long snapshot = lake.tables.find(topic).orElseThrow().currentSnapshot().snapshotId();

        // When
        lake.pass();
        lake.committer(CommitHooks.NONE).pass(() -> true);

        // Then
        assertThat(lake.tables.find(topic).orElseThrow().currentSnapshot().snapshotId())
                .isEqualTo(snapshot);
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 50, "a"));
    }

    @Test
    void theSameCommitterGoesOnWhereItWas() throws Exception {
        Committer committer = lake.committer(CommitHooks.NONE);
        lake.segment("orders", 0, 0, 5);
        committer.pass(() -> true);
        lake.segment("orders", 0, 5, 9, "b");
        committer.pass(() -> true);
        committer.pass(() -> true);

        assertThat(rows()).isEqualTo(all(LakeFixture.rows(0, 0, 5, "a"), LakeFixture.rows(0, 5, 9, "b")));
        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(2);
    }

    @Test
    void moreSegmentsThanOneCommitTakesComeInOneAfterTheOther() throws Exception {
        for (int i = 0; i < 7; i++) {
            lake.segment("orders", 0, i * 10, i * 10 + 10);
        }

        lake.committer(CommitHooks.NONE, 3).pass(() -> true);

        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 70, "a"));
        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(3);
    }

    @Test
    void aHaltBeforeTheCommitLosesNothing() throws Exception {
        // Given
        lake.segment("orders", 0, 0, 50);
        passUntilItHalts(new CommitHooks() {
            @Override
            public void beforeCommit(String name) {
                throw new Halt();
            }
        });
        assertThat(rows()).isEmpty();

        // When
        lake.segment("orders", 0, 50, 60);
        lake.pass();

        // Then
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 60, "a"));
    }

    @Test
    void aHaltAfterTheCommitDoublesNothing() throws Exception {
        // Given
        lake.segment("orders", 0, 0, 50);
        passUntilItHalts(new CommitHooks() {
            @Override
            public void afterCommit(String name) {
                throw new Halt();
            }
        });

        // When
        lake.segment("orders", 0, 50, 60);
        lake.pass();

        // Then
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 60, "a"));
    }

    @Test
    void ofTwoCommittersOneIsTurnedAway() throws Exception {
        // Given
        lake.segment("orders", 0, 0, 50);
        AtomicBoolean once = new AtomicBoolean();
        Committer slow = lake.committer(new CommitHooks() {
            @Override
            public void beforeCommit(String name) {
                if (once.compareAndSet(false, true)) {
                    lake.pass();
                }
            }
        });

        // When
        slow.pass(() -> true);

        // Then
        assertThat(lake.metrics.failures()).isEqualTo(1);
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 50, "a"));
        lake.segment("orders", 0, 50, 60);
        slow.pass(() -> true);
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 60, "a"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"journal-timeout", "journal-unavailable"})
    void aCommitWhoseAnswerWasLostIsFoundToBeThere(String code) throws Exception {
        // Given
        lake.segment("orders", 0, 0, 50);
        LakeTables tables = lake.onTheSameJournal();
        Committer committer = new Committer(tables, lake, lake::uuid, 64, Time.SYSTEM, lake.metrics, new CommitHooks() {
            @Override
            public void beforeCommit(String name) {
                lake.journal.failAfterWriting = new WeirException(code, Whose.EXTERNAL, "no answer in time");
            }
        });

        // When
        committer.pass(() -> true);

        // Then
        assertThat(lake.metrics.failures()).isZero();
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 50, "a"));
        lake.pass();
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 50, "a"));
    }

    @Test
    void aSegmentThatANewLeaderCutOtherwiseGivesItsUpperRowsOnly() throws Exception {
        // Given
        lake.segment("orders", 0, 0, 50);
        lake.pass();

        // When
        lake.segment("orders", 0, 30, 70, "b");
        lake.segment("orders", 0, 40, 60, "c");
        lake.pass();

        // Then
        assertThat(rows()).isEqualTo(all(LakeFixture.rows(0, 0, 50, "a"), LakeFixture.rows(0, 50, 70, "b")));
        assertThat(lake.tables.find(topic).orElseThrow().properties()).containsEntry("weir.offsets.v1", "0:70");
    }

    @Test
    void filesBelowTheLogsStartLeaveTheTable() throws Exception {
        // Given
        lake.segment("orders", 0, 0, 50);
        lake.segment("orders", 0, 50, 80);
        lake.segment("orders", 1, 0, 10);
        lake.pass();

        // When
        lake.logStart("orders", 0, 60);
        lake.expire("orders", 0, 0);
        lake.segment("orders", 1, 10, 20);
        lake.pass();

        // Then
        assertThat(rows()).isEqualTo(all(LakeFixture.rows(0, 50, 80, "a"), LakeFixture.rows(1, 0, 20, "a")));
        assertThat(lake.tables.find(topic).orElseThrow().properties()).containsEntry("weir.offsets.v1", "0:80,1:20");
    }

    @Test
    void offsetsThatTheLogDroppedUnarchivedAreCounted() throws Exception {
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        lake.expire("orders", 0, 0);
        lake.logStart("orders", 0, 75);
        lake.segment("orders", 0, 70, 80);

        lake.pass();

        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 70, 80, "a"));
        assertThat(lake.metrics.gapOffsets()).isEqualTo(20);
    }

    @Test
    void aDamagedFileHoldsUpItsTopicAlone() throws Exception {
        // Given
        UUID healthy = lake.create("payments");
        lake.segment("payments", 0, 0, 10);
        lake.damage(lake.segment("orders", 0, 0, 50));

        // When
        lake.pass();

        // Then
        assertThat(rows()).isEmpty();
        assertThat(TableRows.of(lake.tables, healthy)).isEqualTo(LakeFixture.rows(0, 0, 10, "a"));
        assertThat(lake.metrics.failures()).isEqualTo(1);
    }

    @Test
    void aTableWhoseVectorWasChangedByHandIsLeftAlone() throws Exception {
        lake.segment("orders", 0, 0, 10);
        lake.pass();
        lake.tables
                .find(topic)
                .orElseThrow()
                .updateProperties()
                .set("weir.offsets.v1", "soon")
                .commit();
        lake.segment("orders", 0, 10, 20);

        lake.pass();

        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 10, "a"));
        assertThat(lake.metrics.failures()).isEqualTo(1);
    }

    @Test
    void aTopicThatIsMadeAgainGetsATableOfItsOwn() throws Exception {
        // Given
        lake.segment("orders", 0, 0, 10);
        lake.pass();
        lake.delete("orders");

        // When
        UUID again = lake.create("orders");
        lake.segment("orders", 0, 0, 5, "new");
        Committer committer = lake.committer(CommitHooks.NONE);
        committer.pass(() -> true);

        // Then
        assertThat(TableRows.of(lake.tables, again)).isEqualTo(LakeFixture.rows(0, 0, 5, "new"));
        assertThat(lake.tables.pointers()).containsOnlyKeys("lake/orders", "lake/orders__00000001");
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 10, "a"));
        // the topic of the old one stays away: the table goes as well
        committer.pass(() -> true);
        assertThat(lake.tables.pointers()).containsOnlyKeys("lake/orders");
    }

    @Test
    void everySnapshotTellsHowFarItReaches() throws Exception {
        Map<String, String> byTotal = new HashMap<>();
        for (int i = 0; i < 3; i++) {
            lake.segment("orders", 0, i * 10, i * 10 + 10);
            lake.pass();
        }

        for (Snapshot snapshot : lake.tables.find(topic).orElseThrow().snapshots()) {
            byTotal.put(
                    snapshot.summary().get("total-records"), snapshot.summary().get("weir.offsets.v1"));
        }

        assertThat(byTotal).isEqualTo(Map.of("10", "0:10", "20", "0:20", "30", "0:30"));
    }

    @Test
    void aTableThatWasDroppedByHandComesBack() throws Exception {
        Committer committer = lake.committer(CommitHooks.NONE);
        lake.segment("orders", 0, 0, 10);
        committer.pass(() -> true);
        lake.tables.forget(TableIdentifier.of("lake", "orders"));
        lake.segment("orders", 0, 10, 20);

        committer.pass(() -> true);

        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 20, "a"));
    }

    @Test
    void nothingIsLeftStaged() throws Exception {
        lake.segment("orders", 0, 0, 10);
        lake.pass();

        assertThat(folder.resolve("staging")).isEmptyDirectory();
    }

    @Test
    void aTableOfEarlierGetsTheNameOfItsPartitionColumnThatSparkCanRead() throws Exception {
        // Given
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        Table former = lake.tables.find(topic).orElseThrow();
        former.updateSpec().renameField("_log_partition", "_partition").commit();
        former.updateSchema().renameColumn("_log_partition", "_partition").commit();
        lake.segment("orders", 0, 30, 70);

        // When
        lake.pass();

        // Then
        Table table = lake.tables.find(topic).orElseThrow();
        assertThat(table.schema().findColumnName(1)).isEqualTo("_log_partition");
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 70, "a"));
    }

    @Test
    void valuesAreTheSameBeforeAndAfterTheSchemaGrows() throws Exception {
        // Given: rows of before, then columns, then rows of which some were in and are written anew
        lake.segment("orders", 0, 0, 50);
        lake.pass();
        Table table = lake.tables.find(topic).orElseThrow();
        table.updateSchema()
                .unionByNameWith(ColumnMapping.schema(List.of(
                        new Column(0, "n", "n", ColumnType.LONG),
                        new Column(
                                0,
                                "v",
                                "v",
                                new ColumnType.Struct(List.of(new Column(0, "a", "a", ColumnType.STRING)))))))
                .commit();
        lake.segment("orders", 0, 30, 70);
        lake.segment("orders", 0, 70, 80);

        // When
        lake.pass();
        lake.tables.find(topic).orElseThrow().updateSchema().moveFirst("n").commit();

        // Then
        assertThat(rows()).isEqualTo(LakeFixture.rows(0, 0, 80, "a"));
        Table grown = lake.tables.find(topic).orElseThrow();
        assertThat(grown.schema().findField("n").fieldId()).isEqualTo(13);
        try (CloseableIterable<Record> records = IcebergGenerics.read(grown).build()) {
            records.forEach(record -> {
                assertThat(record.getField("n")).isNull();
                assertThat(record.getField("v")).isNull();
            });
        }
        // and what a writer puts into the new columns comes back from there
        GenericRecord typed = GenericRecord.create(grown.schema());
        typed.setField("_log_partition", 0);
        typed.setField("_offset", 80L);
        typed.setField("_headers", List.of());
        typed.setField("_tombstone", false);
        typed.setField("n", 42L);
        append(grown, typed);
        grown.updateSchema().renameColumn("n", "number").commit();
        try (CloseableIterable<Record> records = IcebergGenerics.read(
                        lake.tables.find(topic).orElseThrow())
                .where(Expressions.greaterThanOrEqual("_offset", 80L))
                .build()) {
            List<Object> numbers = new ArrayList<>();
            records.forEach(record -> numbers.add(record.getField("number")));
            assertThat(numbers).containsExactly(42L);
        }
    }

    private static void append(Table table, Record row) throws Exception {
        PartitionData key = new PartitionData(table.spec().partitionType());
        key.set(0, row.getField("_log_partition"));
        DataWriter<Record> writer = Parquet.writeData(
                        table.io().newOutputFile(table.location() + "/data/by-hand.parquet"))
                .forTable(table)
                .withPartition(key)
                .createWriterFunc(GenericParquetWriter::create)
                .build();
        try (writer) {
            writer.write(row);
        }
        table.newAppend().appendFile(writer.toDataFile()).commit();
    }
}

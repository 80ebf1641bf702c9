package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.store.MemoryObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.apache.iceberg.Table;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {
    private static final Duration WEEK = Duration.ofDays(7);

    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();
    private LakeFixture lake;
    private UUID topic;

    @BeforeEach
    void aTableWithFiveCommits() throws Exception {
        lake = new LakeFixture(store, URI.create("s3a://bucket"), folder);
        topic = lake.create("orders");
        for (int i = 0; i < 5; i++) {
            lake.segment("orders", i % 2, i / 2 * 10, i / 2 * 10 + 10);
            lake.pass();
        }
    }

    private void keepSmall(Duration keep, int mostSnapshots, int mostManifests, Duration later) {
        Instant newest = Instant.ofEpochMilli(table().currentSnapshot().timestampMillis());
        new Upkeep(
                        lake.open(),
                        lake,
                        new Upkeep.Settings(keep, Duration.ofDays(5), mostSnapshots, mostManifests),
                        Clock.fixed(newest.plus(later), ZoneOffset.UTC))
                .pass(() -> true);
    }

    private Table table() {
        return lake.open().find(topic).orElseThrow();
    }

    private Set<String> dataFiles() {
        Set<String> files = new TreeSet<>(store.objects.keySet());
        files.removeIf(path -> !path.endsWith(".parquet"));
        return files;
    }

    @Test
    void oldSnapshotsGoAndTheNewestStays() throws Exception {
        List<Row> rows = TableRows.of(table());
        Set<String> files = dataFiles();
        int objects = store.objects.size();

        keepSmall(WEEK, 1000, 64, Duration.ofDays(6));
        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(5);
        keepSmall(WEEK, 1000, 64, Duration.ofDays(8));

        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(1);
        assertThat(TableRows.of(table())).isEqualTo(rows);
        assertThat(dataFiles()).isEqualTo(files);
        assertThat(store.objects.size()).isLessThan(objects);
        assertThat(table().properties()).containsEntry("weir.offsets.v1", "0:30,1:20");
    }

    @Test
    void filesThatLeftTheTableGoWhenTheSnapshotThatDroppedThemExpires() throws Exception {
        // Given
        lake.logStart("orders", 0, 15);
        lake.expire("orders", 0, 0);
        lake.pass();
        lake.segment("orders", 1, 20, 25);
        lake.pass();
        assertThat(dataFiles()).hasSize(6);

        // When
        keepSmall(WEEK, 1000, 64, Duration.ofDays(8));

        // Then
        assertThat(dataFiles()).hasSize(5).noneMatch(path -> path.contains("/p0/00000000000000000000-"));
        List<Row> left = new ArrayList<>(LakeFixture.rows(0, 10, 30, "a"));
        left.addAll(LakeFixture.rows(1, 0, 25, "a"));
        assertThat(TableRows.of(table())).isEqualTo(left);
    }

    @Test
    void whatRetentionHasTakenGoesSoonerThanOtherSnapshots() throws Exception {
        // Given
        lake.logStart("orders", 0, 15);
        lake.expire("orders", 0, 0);
        lake.pass();
        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(6);

        // When
        keepSmall(WEEK, 1000, 64, Duration.ofDays(4));
        assertThat(dataFiles()).hasSize(5);
        keepSmall(WEEK, 1000, 64, Duration.ofDays(6));

        // Then
        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(1);
        assertThat(dataFiles()).hasSize(4);
        List<Row> left = new ArrayList<>(LakeFixture.rows(0, 10, 30, "a"));
        left.addAll(LakeFixture.rows(1, 0, 20, "a"));
        assertThat(TableRows.of(table())).isEqualTo(left);
    }

    @Test
    void aFileThatTheLogStillReadsOutlivesItsLastSnapshot() throws Exception {
        // Given: below the log's start, and the broker has not given the segment up yet
        lake.logStart("orders", 0, 15);
        lake.pass();
        assertThat(TableRows.of(table())).hasSize(40);

        // When
        keepSmall(WEEK, 1000, 64, Duration.ofDays(8));

        // Then
        assertThat(TableRows.snapshots(lake.tables, topic)).isEqualTo(1);
        assertThat(dataFiles()).hasSize(5);
    }

    @Test
    void theFilesOfEverySnapshotAreLive() throws Exception {
        // dropped by the newest snapshot, still in the ones before
        lake.logStart("orders", 0, 15);
        lake.expire("orders", 0, 0);
        lake.pass();
        lake.segment("orders", 1, 20, 25);
        lake.pass();

        assertThat(new TableFiles(lake.open()).paths().orElseThrow())
                .containsExactlyInAnyOrderElementsOf(dataFiles().stream()
                        .map(path -> path.substring(path.indexOf('/') + 1))
                        .toList())
                .hasSize(6);
    }

    @Test
    void snapshotsBeyondTheCountGoWhateverTheirAge() throws Exception {
        List<Row> rows = TableRows.of(table());

        keepSmall(WEEK, 2, 64, Duration.ofSeconds(1));

        assertThat(TableRows.snapshots(lake.tables, topic)).isLessThanOrEqualTo(3);
        assertThat(TableRows.of(table())).isEqualTo(rows);
    }

    @Test
    void manyManifestsBecomeOneByPartition() throws Exception {
        List<Row> rows = TableRows.of(table());
        assertThat(table().currentSnapshot().allManifests(table().io())).hasSize(5);

        keepSmall(WEEK, 1000, 4, Duration.ofSeconds(1));

        assertThat(table().currentSnapshot().allManifests(table().io())).hasSize(2);
        assertThat(TableRows.of(table())).isEqualTo(rows);
        assertThat(table().currentSnapshot().summary()).containsEntry("weir.offsets.v1", "0:30,1:20");
        // and commits go on
        lake.segment("orders", 1, 20, 25);
        lake.pass();
        assertThat(TableRows.of(table())).hasSize(rows.size() + 5).contains(LakeFixture.row(1, 24, "a"));
    }
}

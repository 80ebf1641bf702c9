package io.weir.tiered.table;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.store.MemoryObjectStore;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Small neighbours become one, and nothing else.
class CompactionPlanTest {
    private static final long LARGE = 1L << 40;

    @TempDir
    Path folder;

    private final List<DataFile> files = new ArrayList<>();
    private LakeFixture lake;
    private UUID topic;

    @BeforeEach
    void sixFilesOfOnePartitionAndTwoOfAnother() throws Exception {
        lake = new LakeFixture(new MemoryObjectStore(), URI.create("s3a://bucket"), folder);
        topic = lake.create("orders");
        for (int i = 0; i < 6; i++) {
            ArchivedTopic.Segment segment = lake.segment("orders", 0, i * 10, i * 10 + 10);
            files.add(segment.files().getFirst());
        }
        lake.segment("orders", 1, 0, 5);
        lake.segment("orders", 1, 5, 9);
        lake.pass();
    }

    private List<List<Long>> firstOffsets(long targetBytes, int leastFiles) {
        CompactionPlan plan = CompactionPlan.of(
                new ListedFiles(lake.tables),
                PresentFiles.of(lake.tables.find(topic).orElseThrow()),
                lake.snapshot("orders"),
                targetBytes,
                leastFiles);
        return plan.groups().stream()
                .map(group -> group.files().stream().map(DataFile::firstOffset).toList())
                .toList();
    }

    @Test
    void neighboursOfEachPartitionBecomeOne() {
        assertThat(firstOffsets(LARGE, 2)).containsExactly(List.of(0L, 10L, 20L, 30L, 40L, 50L), List.of(0L, 5L));
    }

    @Test
    void tooFewAreLeftAlone() {
        assertThat(firstOffsets(LARGE, 3)).containsExactly(List.of(0L, 10L, 20L, 30L, 40L, 50L));
        assertThat(firstOffsets(LARGE, 7)).isEmpty();
    }

    @Test
    void theTargetIsNotExceeded() {
        long three = files.get(0).lengthBytes()
                + files.get(1).lengthBytes()
                + files.get(2).lengthBytes();

        assertThat(firstOffsets(three + 100, 3)).containsExactly(List.of(0L, 10L, 20L), List.of(30L, 40L, 50L));
    }

    @Test
    void aFileThatIsLargeEnoughIsLeftAlone() {
        assertThat(firstOffsets(files.getFirst().lengthBytes(), 2)).isEmpty();
    }

    @Test
    void whatIsAboutToLeaveTheTableIsNotWorthTheWork() {
        lake.logStart("orders", 0, 15);

        assertThat(firstOffsets(LARGE, 3)).containsExactly(List.of(20L, 30L, 40L, 50L));
    }

    @Test
    void aFileThatTheLogReadsFromElsewhereDividesItsNeighbours() throws Exception {
        // Given: a segment that overlaps what is in, of which the table has the upper rows in a file of its own
        lake.segment("orders", 0, 55, 70);
        lake.pass();
        lake.segment("orders", 0, 70, 80);
        lake.segment("orders", 0, 80, 90);
        lake.pass();

        assertThat(firstOffsets(LARGE, 2))
                .containsExactly(List.of(0L, 10L, 20L, 30L, 40L, 50L), List.of(70L, 80L), List.of(0L, 5L));
    }
}

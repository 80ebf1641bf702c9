package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.store.MemoryObjectStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who takes the rows of a segment away that the broker gives up.
class RowsDeleteTest {
    private static final Map<String, String> BY_TABLE = Map.of(ArchiveSettings.ROWS_DELETE, "by_table");

    @TempDir
    Path folder;

    private final MemoryObjectStore store = new MemoryObjectStore();

    @Test
    void rowsThatATableHasTheWordOnOutliveTheirSegment() throws Exception {
        try (ArchiveFixture fixture = new ArchiveFixture(store, folder.resolve("staging"), BY_TABLE)) {
            RemoteLogSegmentMetadata copied =
                    fixture.copy(new RandomSegment(7), Files.createDirectory(folder.resolve("local")));
            assertThat(store.objects).hasSize(2);

            fixture.plugin.deleteLogSegmentData(copied);
            fixture.plugin.deleteLogSegmentData(copied);

            assertThat(store.objects.keySet()).singleElement().asString().endsWith("-0.parquet");
        }
    }

    @Test
    void rowsOfACopyThatNeverFinishedGoAtOnce() throws Exception {
        try (ArchiveFixture fixture = new ArchiveFixture(store, folder.resolve("staging"), BY_TABLE)) {
            RandomSegment segment = new RandomSegment(7);
            RemoteLogSegmentMetadata started = segment.metadata();
            RemoteLogSegmentMetadata unused =
                    fixture.copy(segment, started, Files.createDirectory(folder.resolve("local")));

            fixture.plugin.deleteLogSegmentData(started);

            assertThat(store.objects).isEmpty();
        }
    }
}

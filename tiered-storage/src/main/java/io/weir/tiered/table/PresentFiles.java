package io.weir.tiered.table;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.io.CloseableIterable;

/// The data files of a table's present snapshot, with their bounds.
///
/// @param byPartition in order of their least offset; those without bounds come first
record PresentFiles(Map<Integer, List<DataFile>> byPartition) {
    static PresentFiles of(Table table) {
        Map<Integer, List<DataFile>> found = new TreeMap<>();
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().includeColumnStats().planFiles()) {
            for (FileScanTask task : tasks) {
                found.computeIfAbsent(task.file().partition().get(0, Integer.class), unused -> new ArrayList<>())
                        .add(task.file());
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        found.values().forEach(files -> files.sort(Comparator.comparingLong(PresentFiles::first)));
        return new PresentFiles(found);
    }

    List<DataFile> of(int partition) {
        return byPartition.getOrDefault(partition, List.of());
    }

    static long first(DataFile file) {
        return FileBounds.lower(file, FixedColumns.OFFSET).orElse(Long.MIN_VALUE);
    }

    static long last(DataFile file) {
        return FileBounds.upper(file, FixedColumns.OFFSET).orElse(Long.MAX_VALUE);
    }
}

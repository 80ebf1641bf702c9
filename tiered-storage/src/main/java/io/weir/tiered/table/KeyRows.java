package io.weir.tiered.table;

import io.weir.tiered.segment.OffsetSpans;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.apache.iceberg.DataFile;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Schema;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.expressions.Expressions;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.parquet.Parquet;

/// Finds the rows of a key in a topic's table: those, too, that the log has dropped and `lake.retention`
/// keeps. Safe
/// for use by any thread.
public final class KeyRows {
    private final LakeTables tables;

    public KeyRows(LakeTables tables) {
        this.tables = tables;
    }

    /// @param key as UTF-8
    /// @return offsets by partition
    public Map<Integer, OffsetSpans> of(UUID topicId, String key) {
        Table table = tables.find(topicId).orElse(null);
        if (table == null || table.currentSnapshot() == null) {
            return Map.of();
        }
        Map<Integer, List<Long>> found = new TreeMap<>();
        Schema columns = table.schema().select(FixedColumns.partitionName(table.schema()), "_offset", "_key");
        try (CloseableIterable<FileScanTask> tasks =
                table.newScan().filter(Expressions.equal("_key", key)).planFiles()) {
            for (FileScanTask task : tasks) {
                add(task.file(), columns, key, found);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Map<Integer, OffsetSpans> spans = new TreeMap<>();
        found.forEach((partition, offsets) -> spans.put(
                partition,
                OffsetSpans.of(offsets.stream().mapToLong(Long::longValue).toArray())));
        return spans;
    }

    private void add(DataFile file, Schema columns, String key, Map<Integer, List<Long>> found) throws IOException {
        try (CloseableIterable<Record> rows = Parquet.read(
                        tables.files().newInputFile(file.location(), file.fileSizeInBytes()))
                .project(columns)
                .createReaderFunc(schema -> GenericParquetReaders.buildReader(columns, schema))
                .build()) {
            for (Record row : rows) {
                if (key.equals(row.getField("_key"))) {
                    found.computeIfAbsent(
                                    (Integer) row.getField(FixedColumns.partitionName(columns)),
                                    unused -> new ArrayList<>())
                            .add((Long) row.getField("_offset"));
                }
            }
        }
    }
}

package io.weir.tiered.table;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.apache.iceberg.FileScanTask;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.IcebergGenerics;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.io.CloseableIterable;

/// Reads tables as another program would: by Iceberg's generic reader, and as the list of files.
public final class TableRows {
    private TableRows() {}

    public static List<Row> of(LakeTables tables, UUID topicId) throws IOException {
        return of(tables.find(topicId).orElseThrow());
    }

    /// By partition and offset.
    public static List<Row> of(Table table) throws IOException {
        List<Row> rows = new ArrayList<>();
        try (CloseableIterable<Record> records = IcebergGenerics.read(table).build()) {
            records.forEach(record -> rows.add(Row.of(record)));
        }
        rows.sort(Comparator.comparing(Row::partition).thenComparing(Row::offset));
        return rows;
    }

    /// Locations of the files in the table's present snapshot.
    public static List<String> files(LakeTables tables, UUID topicId) throws IOException {
        List<String> locations = new ArrayList<>();
        try (CloseableIterable<FileScanTask> tasks =
                tables.find(topicId).orElseThrow().newScan().planFiles()) {
            tasks.forEach(task -> locations.add(task.file().location()));
        }
        return locations.stream().sorted().toList();
    }

    public static long snapshots(LakeTables tables, UUID topicId) {
        long count = 0;
        for (Object unused : tables.find(topicId).orElseThrow().snapshots()) {
            count++;
        }
        return count;
    }
}

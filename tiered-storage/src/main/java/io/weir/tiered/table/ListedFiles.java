package io.weir.tiered.table;

import io.weir.tiered.segment.DataFile;
import org.apache.iceberg.DataFiles;
import org.apache.iceberg.FileFormat;
import org.apache.iceberg.Metrics;
import org.apache.iceberg.MetricsConfig;
import org.apache.iceberg.Table;
import org.apache.iceberg.parquet.ParquetUtil;

/// Files that sidecars list, as a table lists them.
record ListedFiles(LakeTables tables) {
    String location(DataFile file) {
        return tables.files().location(tables.layout().listed(file.path()));
    }

    /// Costs one read of the file's footer.
    ///
    /// @throws IllegalStateException the file is not what its sidecar says
    org.apache.iceberg.DataFile of(Table table, int partition, DataFile file) {
        String location = location(file);
        Metrics metrics = ParquetUtil.fileMetrics(
                tables.files().newInputFile(location, file.lengthBytes()), MetricsConfig.forTable(table));
        if (metrics.recordCount() != file.rows()) {
            throw new IllegalStateException("File '" + location + "': must have " + file.rows()
                    + " rows by its sidecar, has " + metrics.recordCount() + ". Run a verify of the topic.");
        }
        return DataFiles.builder(table.spec())
                .withPath(location)
                .withFormat(FileFormat.PARQUET)
                .withFileSizeInBytes(file.lengthBytes())
                .withPartitionPath(table.spec().fields().get(0).name() + "=" + partition)
                .withMetrics(metrics)
                .withSplitOffsets(file.rowGroups().stream()
                        .map(DataFile.RowGroup::position)
                        .toList())
                .withSortOrder(table.sortOrder())
                .build();
    }
}

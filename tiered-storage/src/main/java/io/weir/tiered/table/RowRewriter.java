package io.weir.tiered.table;

import io.weir.tiered.segment.DataFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/// Copies the upper rows of a data file into another file of the table: for segments that overlap what is in,
/// as a new leader cuts them. The rows keep their values; the file that the sidecar lists stays as it is.
final class RowRewriter {
    private final StoreFileIO files;
    private final Supplier<UUID> ids;

    /// @param ids for names of new files
    RowRewriter(StoreFileIO files, Supplier<UUID> ids) {
        this.files = files;
        this.ids = ids;
    }

    /// @param source location of the file
    /// @param fromOffset least offset to keep; a row of the file has it or a greater one
    org.apache.iceberg.DataFile upperRows(Table table, String source, DataFile file, int partition, long fromOffset) {
        String target = source.replaceFirst("\\.parquet$", "") + "-from-" + fromOffset + "-" + ids.get() + ".parquet";
        PartitionData key = new PartitionData(table.spec().partitionType());
        key.set(0, partition);
        try {
            DataWriter<Record> writer = Parquet.writeData(files.newOutputFile(target))
                    .forTable(table)
                    .withPartition(key)
                    .createWriterFunc(GenericParquetWriter::create)
                    .overwrite()
                    .build();
            try (writer;
                    CloseableIterable<Record> rows = Parquet.read(files.newInputFile(source, file.lengthBytes()))
                            .project(table.schema())
                            .createReaderFunc(GenericParquetReaders::buildReader)
                            .build()) {
                for (Record row : rows) {
                    if ((Long) row.getField("_offset") >= fromOffset) {
                        writer.write(row);
                    }
                }
            }
            return writer.toDataFile();
        } catch (IOException e) {
            throw new UncheckedIOException("File '" + source + "': could not be rewritten: " + e.getMessage(), e);
        }
    }
}

package io.weir.tiered.table;

import io.weir.tiered.segment.DataFile;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.apache.iceberg.PartitionData;
import org.apache.iceberg.Table;
import org.apache.iceberg.data.Record;
import org.apache.iceberg.data.parquet.GenericParquetReaders;
import org.apache.iceberg.data.parquet.GenericParquetWriter;
import org.apache.iceberg.io.CloseableIterable;
import org.apache.iceberg.io.DataWriter;
import org.apache.iceberg.parquet.Parquet;

/// Copies some rows of a data file into another file of the table: the upper ones for segments that overlap
/// what is
/// in, as a new leader cuts them, and all but the erased ones of a file that is the table's alone. The rows
/// keep their
/// values; a file that a sidecar lists stays as it is.
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
        return copy(table, source, file.lengthBytes(), target, partition, offset -> offset >= fromOffset);
    }

    /// @param leaves offsets of the rows that go
    /// @return the file without them; empty when no row is left
    Optional<org.apache.iceberg.DataFile> without(
            Table table, org.apache.iceberg.DataFile file, int partition, LongPredicate leaves) {
        String source = file.location();
        String target = source.replaceFirst("\\.parquet$", "") + "-less-" + ids.get() + ".parquet";
        org.apache.iceberg.DataFile rest =
                copy(table, source, file.fileSizeInBytes(), target, partition, offset -> !leaves.test(offset));
        if (rest.recordCount() == 0) {
            files.deleteFile(target);
            return Optional.empty();
        }
        return Optional.of(rest);
    }

    private org.apache.iceberg.DataFile copy(
            Table table, String source, long length, String target, int partition, LongPredicate stays) {
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
                    CloseableIterable<Record> rows = Parquet.read(files.newInputFile(source, length))
                            .project(table.schema())
                            .createReaderFunc(GenericParquetReaders::buildReader)
                            .build()) {
                for (Record row : rows) {
                    if (stays.test((Long) row.getField("_offset"))) {
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

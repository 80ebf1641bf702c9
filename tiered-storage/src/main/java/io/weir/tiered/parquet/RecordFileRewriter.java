package io.weir.tiered.parquet;

import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.LongPredicate;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;

/// Makes a data file of others that have the same columns: row groups are taken over byte for byte, or
/// without some
/// of their rows. Whatever a row holds is carried as it is stored; nothing is interpreted, so that a batch
/// rebuilt
/// from the new file is the one that was rebuilt from the old.
///
/// Row groups must come in ascending order of offset. One thread. Memory: one row group.
public final class RecordFileRewriter implements AutoCloseable {
    private final HashingOutput output;
    private final MessageType schema;
    private final int schemaId;
    private final ParquetProperties properties = RecordFileWriter.properties();
    private final PageCompression compression = new PageCompression();
    private final ParquetFileWriter file;
    private final List<DataFile.RowGroup> groups = new ArrayList<>();
    private long rows;
    private boolean finished;

    private RecordFileRewriter(HashingOutput output, RecordFileReader like) throws IOException {
        this.output = output;
        this.schema = like.schema();
        this.schemaId = like.file().schemaId();
        this.file = new ParquetFileWriter(
                output, schema, ParquetFileWriter.Mode.OVERWRITE, Long.MAX_VALUE, 0, null, properties);
        file.start();
        output.mark();
    }

    /// @param target replaced when present
    /// @param like a file with the columns of all that will come
    public static RecordFileRewriter create(Path target, RecordFileReader like) throws IOException {
        HashingOutput output = new HashingOutput(target);
        try {
            return new RecordFileRewriter(output, like);
        } catch (IOException | RuntimeException e) {
            output.close();
            throw e;
        }
    }

    /// Takes every row group of a file over.
    public void append(RecordFileReader source) throws IOException {
        for (int group = 0; group < source.file().rowGroups().size(); group++) {
            append(source, group);
        }
    }

    private void append(RecordFileReader source, int group) throws IOException {
        DataFile.RowGroup from = source.file().rowGroups().get(group);
        long position = file.getPos();
        source.raw(group, (bytes, chunks) -> {
            file.startBlock(from.rows());
            for (RecordFileReader.Chunk chunk : chunks) {
                ColumnDescriptor column =
                        schema.getColumnDescription(chunk.metadata().getPath().toArray());
                file.appendColumnChunk(column, bytes, chunk.metadata(), null, chunk.columnIndex(), chunk.offsetIndex());
            }
            file.endBlock();
        });
        int crc = output.mark();
        if (crc != from.crc32c() || file.getPos() - position != from.lengthBytes()) {
            throw new CorruptSegmentException("Data file '" + source.file().path() + "': row group " + group
                    + " must keep its bytes when it is taken over, does not.");
        }
        add(from, from.firstOffset(), from.lastOffset(), from.rows(), position, crc);
    }

    /// Takes the rows of a file over except those of some offsets; row groups without such rows stay as they
    /// are.
    ///
    /// @param leaves offsets of the rows that go
    public void appendWithout(RecordFileReader source, LongPredicate leaves) throws IOException {
        for (int group = 0; group < source.file().rowGroups().size(); group++) {
            long[] offsets = source.open(group, (reader, pages) -> RowCopy.offsets(pages));
            long kept = java.util.Arrays.stream(offsets)
                    .filter(offset -> !leaves.test(offset))
                    .count();
            if (kept == offsets.length) {
                append(source, group);
            } else if (kept > 0) {
                appendSome(source, group, offsets, leaves);
            }
        }
    }

    private void appendSome(RecordFileReader source, int group, long[] offsets, LongPredicate leaves)
            throws IOException {
        DataFile.RowGroup from = source.file().rowGroups().get(group);
        long position = file.getPos();
        try (ColumnChunkPageWriteStore pages = ColumnChunkPageWriteStore.builder()
                        .withCompressorProvider(column -> compression.getCompressor(PageCodec.ZSTD.parquetName()))
                        .withSchema(schema)
                        .withAllocator(properties.getAllocator())
                        .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
                        .withPageWriteChecksumEnabled(properties.getPageWriteChecksumEnabled())
                        .withRowGroupOrdinal(groups.size())
                        .build();
                ColumnWriteStore writers = properties.newColumnWriteStore(schema, pages, pages)) {
            long kept = source.open(
                    group,
                    (reader, stored) -> RowCopy.copy(stored, schema, writers, row -> !leaves.test(offsets[row])));
            file.startBlock(kept);
            writers.flush();
            pages.flushToFileWriter(file);
            file.endBlock();
            long first = first(offsets, leaves);
            long last = last(offsets, leaves);
            add(from, first, last, kept, position, output.mark());
        }
    }

    private static long first(long[] offsets, LongPredicate leaves) {
        int row = 0;
        while (leaves.test(offsets[row])) {
            row++;
        }
        return offsets[row];
    }

    private static long last(long[] offsets, LongPredicate leaves) {
        int row = offsets.length - 1;
        while (leaves.test(offsets[row])) {
            row--;
        }
        return offsets[row];
    }

    /// Timestamps may have been narrower before: bounds that reach too far only cost a look.
    private void add(DataFile.RowGroup from, long first, long last, long groupRows, long position, int crc)
            throws IOException {
        groups.add(new DataFile.RowGroup(
                first,
                last,
                rows,
                groupRows,
                from.leastTimestampMillis(),
                from.greatestTimestampMillis(),
                position,
                file.getPos() - position,
                crc));
        rows += groupRows;
    }

    /// Rows taken over so far.
    public long rows() {
        return rows;
    }

    /// Completes the file. Call it once, and only when there are rows.
    ///
    /// @param path as sidecars will list it
    public DataFile finish(String path) throws IOException {
        long footerPosition = file.getPos();
        file.end(Map.of("weir.format", "records-v1"));
        int footerCrc = output.mark();
        output.close();
        compression.release();
        finished = true;
        return new DataFile(
                path,
                output.getPos(),
                output.crc32c(),
                output.sha256(),
                schemaId,
                groups.getFirst().firstOffset(),
                groups.getLast().lastOffset(),
                rows,
                footerPosition,
                footerCrc,
                groups);
    }

    /// Gives an unfinished file up; the caller deletes it.
    @Override
    public void close() throws IOException {
        if (!finished) {
            finished = true;
            compression.release();
            output.close();
        }
    }
}

package io.weir.tiered.parquet;

import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.RecordCursor;
import io.weir.tiered.segment.RecordHeader;
import io.weir.tiered.shape.ColumnTree;
import io.weir.tiered.shape.ShapeLimits;
import io.weir.tiered.shape.Shredder;
import io.weir.tiered.shape.TopicColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ParquetProperties;
import org.apache.parquet.hadoop.ColumnChunkPageWriteStore;
import org.apache.parquet.hadoop.ParquetFileWriter;
import org.apache.parquet.schema.MessageType;
import org.jspecify.annotations.Nullable;

/// Writes records as one Parquet file: the nine fixed columns, then the topic's. A value that a shape gives back
/// stands in the topic's columns, any other in `_raw`.
///
/// Rows must come in ascending order of offset. One thread. `finish` (or `close`) completes the file; after a
/// failure the file is incomplete and the caller deletes it. Memory: one row group of compressed pages.
public final class RecordFileWriter implements AutoCloseable {
    /// Kafka's "no timestamp"; null in the file.
    public static final long NO_TIMESTAMP = -1;

    /// Raw bytes of keys, values and headers, and 48 a row, after which a row group is full.
    public static final long ROW_GROUP_BYTES = 64L * 1024 * 1024;

    /// A row group grows past its size until it has so many rows (smaller ones compress badly) or twice the
    /// bytes.
    private static final long LEAST_ROWS = 32 * 1024;

    /// What a row counts beside its bytes: about what it takes in memory when its row group is decoded.
    private static final int ROW_BYTES = 48;

    /// Rows of a page in a row group of the usual size; smaller groups have smaller pages.
    private static final int PAGE_ROWS = 20_000;

    private static final int LEAST_PAGE_ROWS = 4;
    private static final int PAGE_BYTES = 1024 * 1024;
    private static final int DICTIONARY_BYTES = 1024 * 1024;

    private final HashingOutput output;
    private final PageCodec codec;
    private final long rowGroupBytes;
    private final int schemaId;
    private final MessageType schema;
    private final Shredder shredder;
    private final ParquetFileWriter file;
    private final PageCompression compression = new PageCompression();
    private final ParquetProperties properties;
    private final List<DataFile.RowGroup> groups = new ArrayList<>();
    private @Nullable ColumnChunkPageWriteStore pages;
    private @Nullable RowColumns columns;
    private @Nullable DataFile finished;

    private long rows;
    private long rawRows;
    private long groupRows;
    private long groupBytes;
    private long groupFirstOffset;
    private long lastOffset = Long.MIN_VALUE;
    private long leastTimestamp = Long.MAX_VALUE;
    private long greatestTimestamp = Long.MIN_VALUE;

    private RecordFileWriter(
            HashingOutput output, PageCodec codec, long rowGroupBytes, TopicColumns topic, Shredder shredder)
            throws IOException {
        this.output = output;
        this.codec = codec;
        this.rowGroupBytes = rowGroupBytes;
        this.schemaId = topic.schemaId();
        this.schema = TypedSchema.of(topic.columns());
        this.shredder = shredder;
        this.properties = properties(rowGroupBytes);
        this.file = new ParquetFileWriter(
                output, schema, ParquetFileWriter.Mode.OVERWRITE, Long.MAX_VALUE, 0, null, properties);
        file.start();
        output.mark();
    }

    static ParquetProperties properties() {
        return properties(ROW_GROUP_BYTES);
    }

    private static ParquetProperties properties(long rowGroupBytes) {
        return ParquetProperties.builder()
                // pages of version 1 compress the levels of nested columns, too; encodings are those of version 2
                .withWriterVersion(ParquetProperties.WriterVersion.PARQUET_1_0)
                .withValuesWriterFactory(new ValueEncodings())
                .withPageSize(PAGE_BYTES)
                .withPageRowCountLimit(
                        (int) Math.clamp(rowGroupBytes * PAGE_ROWS / ROW_GROUP_BYTES, LEAST_PAGE_ROWS, PAGE_ROWS))
                .withDictionaryPageSize(DICTIONARY_BYTES)
                .withDictionaryEncoding("_offset", false)
                .withDictionaryEncoding("_timestamp", false)
                .withDictionaryEncoding("_raw", false)
                .withDictionaryEncoding("_key_raw", false)
                .withStatisticsEnabled("_raw", false)
                .withSizeStatisticsEnabled(false)
                .withStatisticsTruncateLength(64)
                .build();
    }

    /// @param file replaced when present
    public static RecordFileWriter create(Path file, PageCodec codec) throws IOException {
        return create(file, codec, ROW_GROUP_BYTES);
    }

    /// All values in `_raw`.
    ///
    /// @param rowGroupBytes raw bytes after which a row group is full
    public static RecordFileWriter create(Path file, PageCodec codec, long rowGroupBytes) throws IOException {
        Shredder none = new Shredder(new ColumnTree(List.of()), ShapeLimits.DEFAULT);
        return create(file, codec, rowGroupBytes, TopicColumns.NONE, none);
    }

    /// @param rowGroupBytes raw bytes after which a row group is full
    /// @param topic columns that the file has beyond the fixed ones
    /// @param shredder for these columns; afterwards it has the file's shapes
    public static RecordFileWriter create(
            Path file, PageCodec codec, long rowGroupBytes, TopicColumns topic, Shredder shredder) throws IOException {
        HashingOutput output = new HashingOutput(file);
        try {
            return new RecordFileWriter(output, codec, rowGroupBytes, topic, shredder);
        } catch (IOException | RuntimeException e) {
            output.close();
            throw e;
        }
    }

    /// Whether the column `_timestamp` (microseconds in 64 bits) can hold this timestamp.
    public static boolean storable(long timestampMillis) {
        return timestampMillis >= -RecordSchema.MAX_TIMESTAMP_MILLIS
                && timestampMillis <= RecordSchema.MAX_TIMESTAMP_MILLIS;
    }

    /// Adds one record. The arrays are not kept.
    ///
    /// @param timestampMillis -1 and what is not `storable` become null
    /// @param value null for a tombstone
    public void write(
            int partition,
            long offset,
            long timestampMillis,
            byte @Nullable [] key,
            List<RecordHeader> headers,
            byte @Nullable [] value)
            throws IOException {
        int size = (key == null ? 0 : key.length) + (value == null ? 0 : value.length);
        for (RecordHeader header : headers) {
            byte[] headerValue = header.value();
            size += header.key().length() + (headerValue == null ? 0 : headerValue.length);
        }
        rawRows += before(offset, size).write(partition, offset, timestampMillis, key, headers, value) ? 1 : 0;
        after(offset, timestampMillis, size);
    }

    /// Adds the record under the cursor.
    public void write(int partition, long offset, long timestampMillis, RecordCursor record) throws IOException {
        int size = Math.max(0, record.keyLength())
                + Math.max(0, record.valueLength())
                + record.headersEnd()
                - record.headersStart();
        rawRows += before(offset, size).write(partition, offset, timestampMillis, record) ? 1 : 0;
        after(offset, timestampMillis, size);
    }

    private RowColumns before(long offset, int size) throws IOException {
        boolean full = groupBytes >= rowGroupBytes && groupRows >= LEAST_ROWS;
        if (groupRows > 0 && (full || groupBytes + size > 2 * rowGroupBytes)) {
            flushGroup();
        }
        RowColumns open = columns;
        if (open == null) {
            open = openGroup();
            groupFirstOffset = offset;
        }
        return open;
    }

    private void after(long offset, long timestampMillis, int size) {
        groupRows++;
        groupBytes += size + ROW_BYTES;
        lastOffset = offset;
        if (timestampMillis != NO_TIMESTAMP) {
            leastTimestamp = Math.min(leastTimestamp, timestampMillis);
            greatestTimestamp = Math.max(greatestTimestamp, timestampMillis);
        }
    }

    private RowColumns openGroup() {
        ColumnChunkPageWriteStore store = ColumnChunkPageWriteStore.builder()
                .withCompressorProvider(column -> compression.getCompressor(codec.parquetName()))
                .withSchema(schema)
                .withAllocator(properties.getAllocator())
                .withColumnIndexTruncateLength(properties.getColumnIndexTruncateLength())
                .withPageWriteChecksumEnabled(properties.getPageWriteChecksumEnabled())
                .withRowGroupOrdinal(groups.size())
                .build();
        ColumnWriteStore writers = properties.newColumnWriteStore(schema, store, store);
        RowColumns open = new RowColumns(writers, new TypedColumns(schema, writers), shredder);
        pages = store;
        columns = open;
        return open;
    }

    private void flushGroup() throws IOException {
        RowColumns open = columns;
        ColumnChunkPageWriteStore store = pages;
        if (open == null || store == null) {
            return;
        }
        long from = file.getPos();
        file.startBlock(groupRows);
        open.flush();
        store.flushToFileWriter(file);
        file.endBlock();
        groups.add(new DataFile.RowGroup(
                groupFirstOffset,
                lastOffset,
                rows,
                groupRows,
                leastTimestamp == Long.MAX_VALUE ? NO_TIMESTAMP : leastTimestamp,
                leastTimestamp == Long.MAX_VALUE ? NO_TIMESTAMP : greatestTimestamp,
                from,
                file.getPos() - from,
                output.mark()));
        rows += groupRows;
        closeGroup();
    }

    private void closeGroup() {
        if (columns != null) {
            columns.close();
            columns = null;
        }
        if (pages != null) {
            pages.close();
            pages = null;
        }
        groupRows = 0;
        groupBytes = 0;
        leastTimestamp = Long.MAX_VALUE;
        greatestTimestamp = Long.MIN_VALUE;
    }

    /// Rows written so far.
    public long rows() {
        return rows + groupRows;
    }

    /// Rows written so far whose value stands in `_raw`.
    public long rawRows() {
        return rawRows;
    }

    /// Completes the file. Call it once; `close` does it too.
    ///
    /// @return the file as a sidecar lists it, under its local name
    public DataFile finish() throws IOException {
        flushGroup();
        long footerPosition = file.getPos();
        file.end(Map.of("weir.format", "records-v1"));
        int footerCrc = output.mark();
        output.close();
        compression.release();
        DataFile result = new DataFile(
                Path.of(output.getPath()).getFileName().toString(),
                output.getPos(),
                output.crc32c(),
                output.sha256(),
                schemaId,
                groups.isEmpty() ? -1 : groups.getFirst().firstOffset(),
                groups.isEmpty() ? -1 : groups.getLast().lastOffset(),
                rows,
                footerPosition,
                footerCrc,
                groups);
        finished = result;
        return result;
    }

    /// Gives the file up: releases memory and the handle; what is on disk is no Parquet file.
    public void abandon() throws IOException {
        if (finished == null) {
            closeGroup();
            compression.release();
            output.close();
        }
    }

    @Override
    public void close() throws IOException {
        if (finished == null) {
            finish();
        }
    }
}

package io.weir.tiered.query;

import io.weir.log.topic.OffsetRange;
import io.weir.tiered.parquet.PageCodec;
import io.weir.tiered.parquet.RecordFileWriter;
import io.weir.tiered.segment.RecordHeader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/// Cuts a stream of records of one partition into chunk files, written by the archive's own writer. One thread; an
/// aborted writer leaves no file.
final class HotChunkWriter implements AutoCloseable {
    /// A chunk is full at so many rows or raw bytes.
    static final int CHUNK_ROWS = 64 * 1024;

    private static final long CHUNK_BYTES = 32L << 20;

    /// Names the next file; unique within the process.
    interface Names {
        Path next(int partition, long firstOffset);
    }

    private final int partition;
    private final Names names;
    private final List<HotChunk> chunks = new ArrayList<>();
    private long chunkStart;
    private @Nullable RecordFileWriter writer;
    private @Nullable Path path;
    private long rawBytes;
    private long totalBytes;

    HotChunkWriter(int partition, long from, Names names) {
        this.partition = partition;
        this.names = names;
        this.chunkStart = from;
    }

    void write(ConsumerRecord<byte[], byte[]> record) throws IOException {
        RecordFileWriter open = writer;
        if (open == null) {
            Path file = names.next(partition, chunkStart);
            open = RecordFileWriter.create(file, PageCodec.SNAPPY);
            path = file;
            writer = open;
        }
        byte[] key = record.key();
        byte[] value = record.value();
        open.write(partition, record.offset(), record.timestamp(), key, headers(record), value);
        rawBytes += (key == null ? 0 : key.length) + (value == null ? 0 : value.length) + 32L;
        if (open.rows() >= CHUNK_ROWS || rawBytes >= CHUNK_BYTES) {
            endChunk(record.offset() + 1, true);
        }
    }

    private static List<RecordHeader> headers(ConsumerRecord<byte[], byte[]> record) {
        List<RecordHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(new RecordHeader(header.key(), header.value()));
        }
        return headers;
    }

    /// Bytes of the chunks that are complete, and raw bytes of the one under way.
    long bytes() {
        return totalBytes + rawBytes;
    }

    /// Completes the last chunk.
    ///
    /// @param to first offset that was not asked for
    List<HotChunk> finish(long to) throws IOException {
        if (writer != null || chunkStart < to) {
            endChunk(to, false);
        }
        return chunks;
    }

    private void endChunk(long to, boolean full) throws IOException {
        OffsetRange range = new OffsetRange(chunkStart, to);
        RecordFileWriter open = writer;
        Path file = path;
        if (open == null || file == null) {
            chunks.add(new HotChunk(partition, range, Optional.empty(), 0, 0, full));
        } else {
            long rows = open.rows();
            open.close();
            long bytes = Files.size(file);
            chunks.add(new HotChunk(partition, range, Optional.of(file), rows, bytes, full));
            totalBytes += bytes;
        }
        chunkStart = to;
        writer = null;
        path = null;
        rawBytes = 0;
    }

    /// Gives up what is not complete, and what is.
    void abort() {
        try {
            if (writer != null) {
                writer.abandon();
            }
            if (path != null) {
                Files.deleteIfExists(path);
            }
            for (HotChunk chunk : chunks) {
                if (chunk.file().isPresent()) {
                    Files.deleteIfExists(chunk.file().get());
                }
            }
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
        writer = null;
        path = null;
        chunks.clear();
    }

    @Override
    public void close() {
        if (writer != null) {
            abort();
        }
    }
}

package io.weir.tiered.archive;

import io.weir.tiered.segment.ClassicObject;
import io.weir.tiered.segment.CorruptSegmentException;
import java.io.IOException;
import java.io.InputStream;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.utils.Time;

/// A range of a segment that is stored as it is, chunk by chunk; each is proven before a byte of it leaves. One
/// thread.
final class ClassicStream extends InputStream {
    private final ClassicObject object;
    private final ChunkSource chunks;
    private final String segment;
    private final ArchiveMetrics metrics;
    private final long end;
    private long position;
    private byte[] chunk = new byte[0];
    private long chunkStart;
    private long nanos;
    private boolean closed;

    /// Chunks, proven.
    @FunctionalInterface
    interface ChunkSource {
        byte[] chunk(int number) throws IOException;
    }

    /// @param segment how errors name it
    /// @param end position behind the last byte
    ClassicStream(
            ClassicObject object, ChunkSource chunks, String segment, long position, long end, ArchiveMetrics metrics) {
        this.object = object;
        this.chunks = chunks;
        this.segment = segment;
        this.position = position;
        this.end = Math.min(end, object.lengthBytes());
        this.metrics = metrics;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (closed || position >= end) {
            return -1;
        }
        if (position < chunkStart || position >= chunkStart + chunk.length) {
            load(object.chunkAt(position));
        }
        int from = (int) (position - chunkStart);
        int count = (int) Math.min(Math.min(length, chunk.length - from), end - position);
        System.arraycopy(chunk, from, target, start, count);
        position += count;
        return count;
    }

    private void load(int number) throws IOException {
        long begin = Time.SYSTEM.nanoseconds();
        try {
            chunk = chunks.chunk(number);
            chunkStart = object.positionOf(number);
        } catch (CorruptSegmentException e) {
            metrics.corruptions.increment();
            throw new KafkaStorageException("Archive, " + segment + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new IOException("Archive, " + segment + ", byte " + position + ": " + e.getMessage(), e);
        } finally {
            nanos += Time.SYSTEM.nanoseconds() - begin;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            metrics.coldRead(nanos);
        }
    }
}

package io.weir.tiered.archive;

import io.weir.tiered.segment.ClassicObject;
import io.weir.tiered.segment.CorruptSegmentException;
import java.io.ByteArrayInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The batches of a segment that is stored as it is, one after the other. One thread.
final class ClassicBatches {
    private static final int LENGTH_OVERHEAD = 12;

    private final ClassicObject object;
    private final ClassicStream.ChunkSource chunks;
    private InputStream chunk = new ByteArrayInputStream(new byte[0]);
    private int next;

    ClassicBatches(ClassicObject object, ClassicStream.ChunkSource chunks) {
        this.object = object;
        this.chunks = chunks;
    }

    /// The next batch, whole; null behind the last.
    @Nullable
    ByteBuffer next() throws IOException {
        byte[] front = new byte[LENGTH_OVERHEAD];
        int first = read(front, 0, 1);
        if (first < 1) {
            return null;
        }
        readFully(front, 1);
        int length = ByteBuffer.wrap(front).getInt(8);
        if (length < 0 || length > object.lengthBytes()) {
            throw new CorruptSegmentException("a batch of " + length + " bytes cannot be.");
        }
        byte[] batch = Arrays.copyOf(front, LENGTH_OVERHEAD + length);
        readFully(batch, LENGTH_OVERHEAD);
        return ByteBuffer.wrap(batch);
    }

    private void readFully(byte[] target, int from) throws IOException {
        int at = from;
        while (at < target.length) {
            int count = read(target, at, target.length - at);
            if (count < 0) {
                throw new EOFException("the last batch is cut short.");
            }
            at += count;
        }
    }

    private int read(byte[] target, int from, int length) throws IOException {
        int count = chunk.read(target, from, length);
        while (count < 0 && next < object.chunks()) {
            chunk = new ByteArrayInputStream(chunks.chunk(next++));
            count = chunk.read(target, from, length);
        }
        return count;
    }
}

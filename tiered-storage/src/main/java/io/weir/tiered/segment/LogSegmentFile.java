package io.weir.tiered.segment;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// A local log segment, read front to back, one batch in memory at a time. One thread; the creator closes it.
public final class LogSegmentFile implements AutoCloseable {
    private final Path file;
    private final FileChannel channel;
    private final long length;
    private final byte[] prefix = new byte[BatchEnvelope.PREFIX_BYTES];
    private byte[] batch = new byte[64 * 1024];
    private final ByteBuffer window = ByteBuffer.allocate(256 * 1024).limit(0);
    private long windowStart;
    private long position;
    private BatchEnvelope envelope = new BatchEnvelope(0, 0, 0, (byte) 2, 0, (short) 0, 0, 0, 0, 0, (short) 0, 0, 0);

    private LogSegmentFile(Path file, FileChannel channel, long length) {
        this.file = file;
        this.channel = channel;
        this.length = length;
    }

    /// @param lengthBytes how far to read; the file must be at least that long
    public static LogSegmentFile open(Path file, long lengthBytes) throws IOException {
        FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
        if (channel.size() < lengthBytes) {
            long size = channel.size();
            channel.close();
            throw new EOFException(
                    "Log segment '" + file + "': must hold " + lengthBytes + " bytes, holds " + size + ".");
        }
        return new LogSegmentFile(file, channel, lengthBytes);
    }

    /// Moves to the next batch; false at the end of the segment.
    ///
    /// @throws CorruptSegmentException the bytes at this place are no batch
    public boolean next() throws IOException {
        if (position >= length) {
            return false;
        }
        if (length - position < BatchEnvelope.PREFIX_BYTES) {
            throw corrupt("a batch header does not fit");
        }
        read(position, prefix, BatchEnvelope.PREFIX_BYTES);
        ByteBuffer start = ByteBuffer.wrap(prefix);
        long size = (long) start.getInt(8) + BatchEnvelope.LENGTH_OVERHEAD;
        int least = prefix[16] < 2 ? BatchEnvelope.PREFIX_BYTES : BatchEnvelope.HEADER_BYTES;
        if (size < least || size > length - position || size > Integer.MAX_VALUE - 8) {
            throw corrupt("a batch of " + size + " bytes cannot be");
        }
        if (batch.length < size) {
            batch = new byte[(int) Math.min(Integer.MAX_VALUE - 8L, Math.max(size, batch.length * 2L))];
        }
        read(position, batch, (int) size);
        envelope = BatchEnvelope.parse(ByteBuffer.wrap(batch), 0);
        position += size;
        return true;
    }

    public BatchEnvelope envelope() {
        return envelope;
    }

    /// The present batch, from index 0, `envelope().sizeInBytes()` long; valid until `next`.
    public byte[] bytes() {
        return batch;
    }

    private void read(long from, byte[] target, int wanted) throws IOException {
        int done = 0;
        while (done < wanted) {
            long at = from + done;
            if (at < windowStart || at >= windowStart + window.limit()) {
                fill(at);
            }
            int inWindow = (int) (at - windowStart);
            int chunk = Math.min(wanted - done, window.limit() - inWindow);
            window.get(inWindow, target, done, chunk);
            done += chunk;
        }
    }

    private void fill(long at) throws IOException {
        window.clear();
        windowStart = at;
        while (window.hasRemaining()) {
            int read = channel.read(window, at + window.position());
            if (read < 0) {
                break;
            }
        }
        window.flip();
        if (window.limit() == 0) {
            throw new EOFException("Log segment '" + file + "': ends at " + at + " of " + length + " bytes.");
        }
    }

    private CorruptSegmentException corrupt(String what) {
        return new CorruptSegmentException(
                "Log segment '" + file + "': " + what + " at position " + position + " of " + length + ".");
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}

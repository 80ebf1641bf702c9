package io.weir.tiered.archive;

import io.weir.tiered.segment.CorruptSegmentException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import org.apache.kafka.common.errors.KafkaStorageException;
import org.apache.kafka.common.utils.Time;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The batches of a segment as one stream of bytes, rebuilt one by one as they are read. Only whole, proven
/// batches enter the stream. When a batch behind the first cannot be given, the stream ends before it: the reader
/// gets what is good, and the next fetch, which begins there, gets the error. One thread.
final class BatchStream extends InputStream {
    private static final Logger LOG = LoggerFactory.getLogger(BatchStream.class);

    private final BatchSource batches;
    private final String segment;
    private final ArchiveMetrics metrics;
    private final int first;
    private final int lastInclusive;
    private final End end;
    private int next;
    private ByteBuffer batch = ByteBuffer.allocate(0);
    private boolean ended;
    private boolean closed;
    private long nanos;
    private long bytes;

    /// What is done when the reader closes the stream.
    @FunctionalInterface
    interface End {
        /// @param next batch that was not read to its end
        /// @param bytes that were read
        void reached(int next, long bytes);
    }

    /// @param segment how errors name it
    BatchStream(BatchSource batches, String segment, int first, int lastInclusive, ArchiveMetrics metrics, End end) {
        this.batches = batches;
        this.end = end;
        this.segment = segment;
        this.metrics = metrics;
        this.first = first;
        this.next = first;
        this.lastInclusive = lastInclusive;
    }

    @Override
    public int read() throws IOException {
        if (!advance()) {
            return -1;
        }
        bytes++;
        return batch.get() & 0xFF;
    }

    @Override
    public int read(byte[] target, int start, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (!advance()) {
            return -1;
        }
        int chunk = Math.min(length, batch.remaining());
        batch.get(target, start, chunk);
        bytes += chunk;
        return chunk;
    }

    @Override
    public int available() {
        return batch.remaining();
    }

    private boolean advance() throws IOException {
        while (!batch.hasRemaining() && !ended) {
            if (next > lastInclusive) {
                ended = true;
            } else {
                load();
            }
        }
        return batch.hasRemaining();
    }

    private void load() throws IOException {
        long start = Time.SYSTEM.nanoseconds();
        try {
            batch = batches.rebuild(next);
            next++;
            metrics.coldBatches.increment();
        } catch (CorruptSegmentException e) {
            metrics.corruptions.increment();
            String message = "Archive, " + segment + ", batch " + next + ": " + e.getMessage();
            LOG.error("{}", message, e);
            end(new KafkaStorageException(message, e));
        } catch (IOException e) {
            if (next == first) {
                throw new IOException("Archive, " + segment + ", batch " + next + ": " + e.getMessage(), e);
            }
            ended = true;
        } finally {
            nanos += Time.SYSTEM.nanoseconds() - start;
        }
    }

    private void end(KafkaStorageException failure) {
        ended = true;
        if (next == first) {
            throw failure;
        }
    }

    @Override
    public void close() {
        if (!closed) {
            closed = true;
            metrics.coldRead(nanos);
            end.reached(batch.hasRemaining() ? next - 1 : next, bytes);
        }
        ended = true;
        batch = ByteBuffer.allocate(0);
    }
}

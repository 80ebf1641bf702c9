package io.weir.tiered.archive;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Rebuilds batches before the broker asks for them. A broker reads about a megabyte, answers the consumer and comes
/// back only when that one has taken it, so without this each waits for the other. What is rebuilt ahead is as much as
/// was read last, and only for one who begins where somebody ended before: a seek pays for nothing. Safe for use by any
/// thread; owns its threads.
final class ReadAhead implements AutoCloseable {
    private static final long MOST_KEPT_BYTES = 32L * 1024 * 1024;
    private static final int MOST_BYTES = 4 * 1024 * 1024;
    private static final int MOST_READERS = 1024;

    private final Duration patience;
    private final ExecutorService threads;
    private final LoadingCache<Position, Stretch> stretches;

    /// Guards `ends`.
    private final ReentrantLock lock = new ReentrantLock();

    /// Where streams ended: whoever begins there goes on reading.
    private final Map<Position, Boolean> ends = new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Position, Boolean> eldest) {
            return size() > MOST_READERS;
        }
    };

    /// A batch of a segment, in one state of its sidecar.
    record Position(UUID segment, int generation, int ordinal) {
        Position at(int other) {
            return new Position(segment, generation, other);
        }
    }

    /// Batches one after the other.
    ///
    /// @param ends of each, exclusive
    @SuppressWarnings("ArrayRecordComponent") // a carrier within the class, never compared
    private record Stretch(int first, byte[] bytes, int[] ends) {
        boolean has(int ordinal) {
            return ordinal >= first && ordinal < first + ends.length;
        }

        ByteBuffer batch(int ordinal) {
            int start = ordinal == first ? 0 : ends[ordinal - first - 1];
            return ByteBuffer.wrap(bytes, start, ends[ordinal - first] - start);
        }
    }

    /// @param cacheBytes of which an eighth may be kept here
    /// @param patience with batches that are being rebuilt
    /// @param threads that rebuild
    ReadAhead(long cacheBytes, Duration patience, ExecutorService threads) {
        this.patience = patience;
        this.threads = threads;
        this.stretches = new LoadingCache<>(
                Math.min(MOST_KEPT_BYTES, cacheBytes / 8), stretch -> stretch.bytes().length, threads);
    }

    /// The batches from a position on, those that are there first.
    ///
    /// @param rebuilt all others
    BatchSource from(Position first, BatchSource rebuilt) {
        CompletableFuture<Stretch> known = stretches.known(first);
        return known == null ? rebuilt : new Ready(known, rebuilt);
    }

    /// Says that a reader has ended for now.
    ///
    /// @param first where it began
    /// @param next batch that it has not read to its end
    /// @param last of the segment
    /// @param bytes that it has read
    /// @param rebuilders for another thread
    void ended(Position first, int next, int last, long bytes, Supplier<BatchSource> rebuilders) {
        if (next > last || bytes == 0) {
            return;
        }
        Position position = first.at(next);
        boolean goesOn;
        lock.lock();
        try {
            goesOn = ends.remove(first) != null || first.ordinal() == 0;
            ends.put(position, true);
        } finally {
            lock.unlock();
        }
        if (goesOn) {
            int wanted = (int) Math.min(bytes, MOST_BYTES);
            // what is begun ahead shows its failure, if any, when it is asked for
            CompletableFuture<Stretch> unused =
                    stretches.get(position, () -> stretch(rebuilders.get(), next, last, wanted));
        }
    }

    private static Stretch stretch(BatchSource batches, int first, int last, int wanted) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream(wanted + wanted / 4);
        List<Integer> ends = new ArrayList<>();
        for (int ordinal = first; ordinal <= last && bytes.size() < wanted; ordinal++) {
            ByteBuffer batch = batches.rebuild(ordinal);
            bytes.write(batch.array(), batch.arrayOffset() + batch.position(), batch.remaining());
            ends.add(bytes.size());
        }
        return new Stretch(
                first,
                bytes.toByteArray(),
                ends.stream().mapToInt(Integer::intValue).toArray());
    }

    /// Batches that are there, or will be soon. When they could not be rebuilt, the reader tries itself, and its error
    /// names the batch. One thread.
    private final class Ready implements BatchSource {
        private final CompletableFuture<Stretch> coming;
        private final BatchSource rebuilt;
        private @Nullable Stretch stretch;
        private boolean failed;

        Ready(CompletableFuture<Stretch> coming, BatchSource rebuilt) {
            this.coming = coming;
            this.rebuilt = rebuilt;
        }

        @Override
        public ByteBuffer rebuild(int ordinal) throws IOException {
            Stretch there = stretch();
            return there != null && there.has(ordinal) ? there.batch(ordinal) : rebuilt.rebuild(ordinal);
        }

        private @Nullable Stretch stretch() throws IOException {
            if (stretch == null && !failed) {
                try {
                    stretch = coming.get(patience.toMillis(), TimeUnit.MILLISECONDS);
                } catch (ExecutionException | TimeoutException e) {
                    failed = true;
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw (IOException) new InterruptedIOException("Archive: interrupted.").initCause(e);
                }
            }
            return stretch;
        }
    }

    @Override
    public void close() {
        threads.shutdownNow();
    }
}

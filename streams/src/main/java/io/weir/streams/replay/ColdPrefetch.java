package io.weir.streams.replay;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Reads archived records ahead of their consumer, on a thread of its own, in bounded memory: three quarters of it for
/// what the readers hold, the rest for records that wait, an equal share for each partition.
///
/// Methods are called by the consumer's thread.
final class ColdPrefetch implements AutoCloseable {
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final long END_MILLIS = 10_000;
    private static final long LEAST_PART_BYTES = 64L << 10;
    private static final long MOST_PART_BYTES = 1L << 20;

    /// What a record takes beside key and value, and its row beside as much as the value.
    private static final long RECORD_BYTES = 300;

    private final ColdReader reader;
    private final UnaryOperator<ConsumerRecord<byte[], byte[]>> ahead;
    private final long waitingBytes;
    private final long heldBytes;
    private final Duration patience;
    private final Thread thread;

    /// Guards the fields below, and of each feed all but what is the thread's own.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition wanted = lock.newCondition();
    private final Condition arrived = lock.newCondition();
    private final Map<TopicPartition, Feed> feeds = new HashMap<>();
    private boolean closed;

    /// Whether the thread has ended.
    private boolean ended;

    /// Counts steps. The thread's own.
    private long steps;

    /// What is read of one partition.
    private static final class Feed {
        final TopicPartition partition;
        final Deque<ColdRecords.Part> waiting = new ArrayDeque<>();
        long waitingBytes;
        boolean ended;

        @Nullable
        ColdReadException failure;

        /// Whether it waits to be tried again.
        boolean pausing;

        /// The thread's own.
        long next;

        @Nullable
        ColdRecords records;

        Duration pause = FIRST_PAUSE;
        Duration paused = Duration.ZERO;
        long step;

        Feed(TopicPartition partition, long from) {
            this.partition = partition;
            this.next = from;
        }

        boolean hasAnswer() {
            return !waiting.isEmpty() || failure != null;
        }
    }

    ColdPrefetch(ColdSource source, String name) {
        this.reader = source.reader();
        this.ahead = source.ahead();
        this.patience = source.patience();
        this.waitingBytes = Math.max(1, source.memoryBytes() / 4);
        this.heldBytes = source.memoryBytes() - source.memoryBytes() / 4;
        this.thread = new Thread(this::run, name);
        thread.setDaemon(true);
        thread.start();
    }

    /// Begins to read a partition, or begins anew.
    void open(TopicPartition partition, long from) {
        lock.lock();
        try {
            Feed feed = new Feed(partition, from);
            feeds.put(partition, feed);
            if (ended) {
                feed.failure = hasEnded(partition);
            }
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    void drop(TopicPartition partition) {
        lock.lock();
        try {
            feeds.remove(partition);
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The next part when it is there; never blocks.
    ///
    /// @throws ColdReadException instead of the part that cannot be read
    Optional<ColdRecords.Part> take(TopicPartition partition) {
        lock.lock();
        try {
            Feed feed = feeds.get(partition);
            if (feed == null) {
                return Optional.empty();
            }
            ColdRecords.Part part = feed.waiting.pollFirst();
            if (part == null) {
                if (feed.failure != null) {
                    throw feed.failure;
                }
                return Optional.empty();
            }
            feed.waitingBytes -= size(part);
            wanted.signalAll();
            return Optional.of(part);
        } finally {
            lock.unlock();
        }
    }

    /// Waits until one of the partitions has something to take, at most so long.
    void await(Collection<TopicPartition> partitions, Duration most) {
        lock.lock();
        try {
            long left = most.toNanos();
            while (left > 0 && !closed && partitions.stream().noneMatch(this::hasAnswer)) {
                left = arrived.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
    }

    private boolean hasAnswer(TopicPartition partition) {
        Feed feed = feeds.get(partition);
        return feed == null || feed.hasAnswer();
    }

    private void run() {
        try {
            Feed feed = next();
            while (feed != null) {
                step(feed);
                feed = next();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            giveUp();
        }
    }

    /// Whoever waits must not wait for ever, whatever ended the thread.
    private void giveUp() {
        lock.lock();
        try {
            ended = true;
            feeds.values().forEach(feed -> {
                if (feed.failure == null && !feed.ended) {
                    feed.failure = hasEnded(feed.partition);
                }
            });
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static ColdReadException hasEnded(TopicPartition partition) {
        return new ColdReadException(
                "Partition '" + partition + "': reading the archive has ended, see the log.", null);
    }

    /// The partition that has the least waiting, once one wants more; null when this is closed.
    private @Nullable Feed next() throws InterruptedException {
        lock.lockInterruptibly();
        try {
            while (!closed) {
                Optional<Feed> hungriest = feeds.values().stream()
                        .filter(this::wantsMore)
                        .min(Comparator.comparingLong(feed -> feed.waitingBytes));
                if (hungriest.isPresent()) {
                    return hungriest.get();
                }
                wanted.await();
            }
            return null;
        } finally {
            lock.unlock();
        }
    }

    private boolean wantsMore(Feed feed) {
        return !feed.ended
                && !feed.pausing
                && feed.failure == null
                && (feed.waiting.isEmpty() || feed.waitingBytes < share());
    }

    private long share() {
        return waitingBytes / Math.max(1, feeds.size());
    }

    private void step(Feed feed) {
        try {
            ColdRecords records = feed.records;
            if (records == null) {
                records = reader.open(feed.partition, feed.next);
                feed.records = records;
            }
            ColdRecords.Part part = prepared(records.next(partBytes()));
            feed.next = part.next();
            feed.pause = FIRST_PAUSE;
            feed.paused = Duration.ZERO;
            feed.step = steps++;
            deliver(feed, part);
            shed(feed);
        } catch (ColdReadException e) {
            failed(feed, e);
        } catch (RuntimeException e) {
            failed(
                    feed,
                    new ColdReadException("Partition '" + feed.partition + "': the archive cannot be read: " + e, e));
        }
    }

    private ColdRecords.Part prepared(ColdRecords.Part part) {
        return new ColdRecords.Part(
                part.records().stream().map(ahead).toList(), part.next(), part.last(), part.folded());
    }

    private long partBytes() {
        lock.lock();
        try {
            return Math.clamp(share() / 2, LEAST_PART_BYTES, MOST_PART_BYTES);
        } finally {
            lock.unlock();
        }
    }

    private void deliver(Feed feed, ColdRecords.Part part) {
        lock.lock();
        try {
            feed.waiting.addLast(part);
            feed.waitingBytes += size(part);
            feed.ended = part.last();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Readers let go of what they hold, the one that was not asked for longest first, until all of it is within its
    /// bound or one is left.
    private void shed(Feed present) {
        List<Feed> holding = holding();
        long held = holding.stream().mapToLong(ColdPrefetch::held).sum();
        for (Feed feed : holding) {
            if (held <= heldBytes) {
                return;
            }
            ColdRecords records = feed.records;
            if (feed != present && records != null) {
                held -= records.heldBytes();
                records.release();
            }
        }
    }

    private List<Feed> holding() {
        lock.lock();
        try {
            return feeds.values().stream()
                    .sorted(Comparator.comparingLong(feed -> feed.step))
                    .toList();
        } finally {
            lock.unlock();
        }
    }

    private static long held(Feed feed) {
        ColdRecords records = feed.records;
        return records == null ? 0 : records.heldBytes();
    }

    /// Tries again after ever longer pauses, in which the other partitions go on.
    private void failed(Feed feed, ColdReadException failure) {
        feed.records = null;
        lock.lock();
        try {
            if (feed.paused.compareTo(patience) >= 0) {
                feed.failure = failure;
                arrived.signalAll();
                return;
            }
            feed.pausing = true;
        } finally {
            lock.unlock();
        }
        Duration pause = feed.pause;
        feed.paused = feed.paused.plus(pause);
        feed.pause = pause.multipliedBy(2);
        CompletableFuture.delayedExecutor(pause.toMillis(), TimeUnit.MILLISECONDS)
                .execute(() -> goOn(feed));
    }

    private void goOn(Feed feed) {
        lock.lock();
        try {
            feed.pausing = false;
            wanted.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private static long size(ColdRecords.Part part) {
        long bytes = 0;
        for (ConsumerRecord<byte[], byte[]> record : part.records()) {
            bytes += RECORD_BYTES
                    + Math.max(0, record.serializedKeySize())
                    + 2L * Math.max(0, record.serializedValueSize());
        }
        return bytes;
    }

    /// Ends the thread and waits for it.
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            feeds.clear();
            wanted.signalAll();
            arrived.signalAll();
        } finally {
            lock.unlock();
        }
        thread.interrupt();
        try {
            thread.join(END_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}

package io.weir.log.journal;

import io.weir.log.cluster.LogConnection;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Reads one journal's topic from its beginning, committed entries only, and applies them in order on its own
/// daemon thread. The only place where the state changes.
final class JournalReader<S> implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JournalReader.class);
    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PAUSE_AFTER_FAILURE = Duration.ofMillis(500);
    private static final Duration CLOSE = Duration.ofSeconds(5);
    private static final long NOTHING_WATCHED = -1;

    private final TopicPartition partition;
    private final Map<String, Object> clientProperties;
    private final S empty;
    private final Fold<S> fold;
    private final JournalFault fault;
    private final Thread thread;
    private final KafkaConsumer<String, byte[]> consumer;

    /// Guards every mutable field below but `state`, which is written by the reader's thread alone.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private volatile S state;
    private long nextOffset;
    private long watchedOffset = NOTHING_WATCHED;
    private boolean watchedApplied;
    private boolean closed;
    private @Nullable Throwable broken;
    private @Nullable Throwable lastProblem;

    JournalReader(TopicPartition partition, LogConnection connection, S empty, Fold<S> fold, JournalFault fault) {
        this.partition = partition;
        this.clientProperties = connection.clientProperties();
        this.empty = empty;
        this.state = empty;
        this.fold = fold;
        this.fault = fault;
        this.consumer = newConsumer();
        this.thread = Thread.ofPlatform()
                .daemon()
                .name("weir-journal-" + partition.topic())
                .unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    S state() {
        return state;
    }

    /// @throws io.weir.log.fault.WeirException when the journal is closed or broken
    void requireAlive() {
        lock.lock();
        try {
            checkAlive();
        } finally {
            lock.unlock();
        }
    }

    /// Offset of the next entry to be applied.
    long nextOffset() {
        lock.lock();
        try {
            return nextOffset;
        } finally {
            lock.unlock();
        }
    }

    @Nullable
    Throwable lastProblem() {
        lock.lock();
        try {
            return lastProblem;
        } finally {
            lock.unlock();
        }
    }

    /// Waits until everything below `end` is applied.
    ///
    /// @return false when the deadline passed first
    boolean awaitApplied(long end, Deadline deadline) {
        lock.lock();
        try {
            return await(() -> nextOffset >= end, deadline);
        } finally {
            lock.unlock();
        }
    }

    /// From now on notes whether the entry with this offset was applied. To be called before its transaction is
    /// committed.
    void watch(long offset) {
        lock.lock();
        try {
            watchedOffset = offset;
            watchedApplied = false;
        } finally {
            lock.unlock();
        }
    }

    boolean watchedApplied() {
        lock.lock();
        try {
            return watchedApplied;
        } finally {
            lock.unlock();
        }
    }

    /// @return false when the deadline passed first
    boolean awaitWatched(Deadline deadline) {
        lock.lock();
        try {
            return await(() -> watchedApplied, deadline);
        } finally {
            lock.unlock();
        }
    }

    /// Waits without reading anything; ends early when the journal is closed.
    void pauseFor(long nanos, Deadline deadline) {
        lock.lock();
        try {
            long left = Math.min(nanos, deadline.remainingNanos());
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
            checkAlive();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault.closed();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        consumer.wakeup();
        if (Thread.currentThread().equals(thread)) {
            return;
        }
        try {
            if (thread.getState() == Thread.State.NEW) {
                consumer.close();
            } else {
                thread.join(CLOSE);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /// To be called under the lock.
    private boolean await(BooleanSupplier condition, Deadline deadline) {
        checkAlive();
        try {
            long left = deadline.remainingNanos();
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                left = changed.awaitNanos(left);
                checkAlive();
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault.closed();
        }
    }

    private void checkAlive() {
        if (closed) {
            throw fault.closed();
        }
        if (broken != null) {
            throw fault.broken(broken);
        }
    }

    private void run() {
        try (consumer) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            while (!isClosed()) {
                step();
            }
        } catch (WakeupException e) {
            LOG.debug("Journal reading was woken up to end topic={}", partition.topic());
        } catch (RuntimeException e) {
            LOG.error(
                    "Journal cannot go on topic={} next={} cause={}", partition.topic(), nextOffset(), e.toString(), e);
            signal(() -> broken = e);
        }
    }

    private void step() {
        try {
            ConsumerRecords<String, byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<String, byte[]> entry : records.records(partition)) {
                apply(entry);
            }
            long position = consumer.position(partition, POLL);
            signal(() -> {
                nextOffset = position;
                lastProblem = null;
            });
        } catch (OffsetOutOfRangeException e) {
            LOG.warn("Journal topic was replaced, reading it again from its beginning topic={}", partition.topic());
            state = empty;
            signal(() -> nextOffset = 0);
            consumer.seekToBeginning(List.of(partition));
        } catch (WakeupException e) {
            throw e;
        } catch (KafkaException e) {
            LOG.info("Journal could not be read, trying again topic={} cause={}", partition.topic(), e.toString());
            signal(() -> lastProblem = e);
            pause();
        }
    }

    private void apply(ConsumerRecord<String, byte[]> entry) {
        if (entry.key() != null) {
            try {
                state = fold.apply(state, entry.key(), entry.value());
            } catch (KafkaException e) {
                throw new IllegalStateException("Entry '" + entry.key() + "' was not applied.", e);
            }
        }
        lock.lock();
        try {
            nextOffset = entry.offset() + 1;
            if (entry.offset() == watchedOffset) {
                watchedApplied = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    private void signal(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private void pause() {
        lock.lock();
        try {
            long left = PAUSE_AFTER_FAILURE.toNanos();
            while (!closed && left > 0) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            closed = true;
        } finally {
            lock.unlock();
        }
    }

    private boolean isClosed() {
        lock.lock();
        try {
            return closed;
        } finally {
            lock.unlock();
        }
    }

    private KafkaConsumer<String, byte[]> newConsumer() {
        clientProperties.put(ConsumerConfig.CLIENT_ID_CONFIG, "weir-journal-" + partition.topic() + "-reader");
        clientProperties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        clientProperties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        clientProperties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        clientProperties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        return new KafkaConsumer<>(clientProperties, new StringDeserializer(), new ByteArrayDeserializer());
    }
}

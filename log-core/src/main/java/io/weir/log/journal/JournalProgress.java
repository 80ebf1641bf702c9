package io.weir.log.journal;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// How far a journal's reader has come, and waiting for it. The reader's thread reports; any thread waits.
final class JournalProgress {
    private static final long NOTHING_WATCHED = -1;

    private final JournalFault fault;

    /// Guards every field below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private long nextOffset;
    private long watchedOffset = NOTHING_WATCHED;
    private boolean watchedApplied;
    private boolean closed;
    private @Nullable Throwable broken;
    private @Nullable Throwable lastProblem;

    JournalProgress(JournalFault fault) {
        this.fault = fault;
    }

    /// The entry with this offset is part of the state.
    void applied(long offset) {
        lock.lock();
        try {
            nextOffset = offset + 1;
            if (offset == watchedOffset) {
                watchedApplied = true;
                changed.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Everything below this offset is part of the state, and reading works.
    void reached(long offset) {
        change(() -> {
            nextOffset = offset;
            lastProblem = null;
        });
    }

    void startedAgain() {
        change(() -> nextOffset = 0);
    }

    void failed(Throwable problem) {
        change(() -> lastProblem = problem);
    }

    void broke(Throwable cause) {
        change(() -> broken = cause);
    }

    void close() {
        change(() -> closed = true);
    }

    boolean isClosed() {
        return read(() -> closed);
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

    /// Why reading does not work right now.
    @Nullable
    Throwable lastProblem() {
        lock.lock();
        try {
            return lastProblem;
        } finally {
            lock.unlock();
        }
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

    /// Waits until everything below `end` is applied.
    ///
    /// @return false when the deadline passed first
    boolean awaitApplied(long end, Deadline deadline) {
        return await(() -> nextOffset >= end, deadline.remainingNanos());
    }

    /// From now on notes whether the entry with this offset was applied. To be called before its transaction is
    /// committed.
    void watch(long offset) {
        change(() -> {
            watchedOffset = offset;
            watchedApplied = false;
        });
    }

    boolean watchedApplied() {
        return read(() -> watchedApplied);
    }

    /// @return false when the deadline passed first
    boolean awaitWatched(Deadline deadline) {
        return await(() -> watchedApplied, deadline.remainingNanos());
    }

    /// Waits without reading anything; ends early when the journal is closed.
    void pause(long millis, Deadline deadline) {
        boolean unused = await(() -> false, Math.min(TimeUnit.MILLISECONDS.toNanos(millis), deadline.remainingNanos()));
    }

    private boolean await(BooleanSupplier condition, long nanos) {
        lock.lock();
        try {
            checkAlive();
            long left = nanos;
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
        } finally {
            lock.unlock();
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    private boolean read(BooleanSupplier field) {
        lock.lock();
        try {
            return field.getAsBoolean();
        } finally {
            lock.unlock();
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
}

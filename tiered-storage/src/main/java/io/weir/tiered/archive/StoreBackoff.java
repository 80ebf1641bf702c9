package io.weir.tiered.archive;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.kafka.common.utils.Time;

/// Lets copies into a store that fails wait longer and longer, so that an outage neither encodes the same segments
/// every second nor fills the broker's metadata topic with attempts. Safe for use by any thread.
final class StoreBackoff {
    private static final Duration LEAST = Duration.ofSeconds(1);

    private final Time time;
    private final Duration most;

    /// Guards the fields below.
    private final ReentrantLock lock = new ReentrantLock();

    private final Condition changed = lock.newCondition();
    private int failuresInARow;
    private long notBeforeNanos;

    /// @param most longest pause
    StoreBackoff(Time time, Duration most) {
        this.time = time;
        this.most = most;
    }

    /// A call has failed: the pause doubles.
    void failed() {
        lock.lock();
        try {
            // those who failed together count once
            if (failuresInARow == 0 || time.nanoseconds() - notBeforeNanos >= 0) {
                notBeforeNanos = time.nanoseconds() + pause(failuresInARow).toNanos();
                failuresInARow++;
            }
        } finally {
            lock.unlock();
        }
    }

    /// The store has answered: nobody waits any more.
    void succeeded() {
        lock.lock();
        try {
            failuresInARow = 0;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Waits until the pause after the last failure is over; returns at once when there was none.
    void awaitTurn() throws InterruptedException {
        lock.lock();
        try {
            long left = left();
            while (left > 0) {
                left = Math.min(changed.awaitNanos(left), left());
            }
        } finally {
            lock.unlock();
        }
    }

    private long left() {
        return failuresInARow == 0 ? 0 : notBeforeNanos - time.nanoseconds();
    }

    /// @param failures before this one
    Duration pause(int failures) {
        long millis = LEAST.toMillis() << Math.min(failures, 20);
        return Duration.ofNanos(Math.min(TimeUnit.MILLISECONDS.toNanos(millis), most.toNanos()));
    }
}

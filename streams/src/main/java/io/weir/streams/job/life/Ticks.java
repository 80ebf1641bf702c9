package io.weir.streams.job.life;

import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/// Lets threads wait for something that may have changed after each signal. Safe for use by any thread.
final class Ticks {
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition ticked = lock.newCondition();

    void signal() {
        lock.lock();
        try {
            ticked.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// @param condition looked at by the waiting thread, at once and after every signal
    /// @return whether it held before the timeout
    boolean await(BooleanSupplier condition, Duration timeout) {
        long left = timeout.toNanos();
        lock.lock();
        try {
            while (!condition.getAsBoolean()) {
                if (left <= 0) {
                    return false;
                }
                left = ticked.awaitNanos(left);
            }
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            lock.unlock();
        }
    }
}

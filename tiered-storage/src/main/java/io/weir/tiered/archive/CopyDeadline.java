package io.weir.tiered.archive;

import io.weir.tiered.store.StoreTimeoutException;
import java.time.Duration;
import org.apache.kafka.common.utils.Time;

/// When the copy of one segment must have ended.
final class CopyDeadline {
    private final Time time;
    private final Duration limit;
    private final long startNanos;

    CopyDeadline(Time time, Duration limit) {
        this.time = time;
        this.limit = limit;
        this.startNanos = time.nanoseconds();
    }

    /// @param step what comes next, for the message
    void check(String step) throws StoreTimeoutException {
        if (elapsedNanos() > limit.toNanos()) {
            throw new StoreTimeoutException("Copy: must end within " + limit
                    + " (weir.archive.copy.deadline), is not done before '" + step + "'.");
        }
    }

    long elapsedNanos() {
        return time.nanoseconds() - startNanos;
    }
}

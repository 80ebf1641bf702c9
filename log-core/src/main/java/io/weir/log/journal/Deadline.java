package io.weir.log.journal;

import java.time.Duration;
import org.apache.kafka.common.utils.Time;

/// The moment at which a call gives up, in the monotonic time of the Kafka clients.
final class Deadline {
    private final Time time;
    private final long endNanos;

    private Deadline(Time time, long endNanos) {
        this.time = time;
        this.endNanos = endNanos;
    }

    static Deadline after(Time time, Duration duration) {
        return new Deadline(time, time.nanoseconds() + duration.toNanos());
    }

    /// Never negative.
    long remainingNanos() {
        return Math.max(0, endNanos - time.nanoseconds());
    }

    Duration remaining() {
        return Duration.ofNanos(remainingNanos());
    }

    boolean passed() {
        return remainingNanos() == 0;
    }
}

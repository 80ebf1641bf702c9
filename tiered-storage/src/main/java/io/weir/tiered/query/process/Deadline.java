package io.weir.tiered.query.process;

import java.time.Clock;
import java.time.Duration;

/// The moment at which a statement's time is up, planning and fetching included. Thread-safe.
public final class Deadline {
    private final Clock clock;
    private final Duration limit;
    private final long endMillis;
    private volatile boolean cancelled;

    private Deadline(Clock clock, Duration limit) {
        this.clock = clock;
        this.limit = limit;
        this.endMillis = clock.millis() + limit.toMillis();
    }

    public static Deadline after(Clock clock, Duration limit) {
        return new Deadline(clock, limit);
    }

    /// What the caller was granted.
    public Duration limit() {
        return limit;
    }

    /// Ends the time now, by any thread.
    public void cancel() {
        cancelled = true;
    }

    /// Milliseconds left, 0 when the time is up or was ended.
    public long remainingMillis() {
        return cancelled ? 0 : Math.max(0, endMillis - clock.millis());
    }

    public boolean isOver() {
        return remainingMillis() == 0;
    }

    /// Milliseconds since the start.
    public long elapsedMillis() {
        return limit.toMillis() - (endMillis - clock.millis());
    }
}

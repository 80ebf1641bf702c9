package io.weir.streams.replay;

import java.time.Clock;

/// Lets at most so many records pass in a second, in portions of a tenth of it. Not thread-safe.
final class TokenBucket {
    private static final long MILLIS_PER_SECOND = 1_000;
    private static final long PORTIONS = 10;

    private final Clock clock;
    private long rate;
    private double tokens;
    private long filledMillis;

    TokenBucket(Clock clock, long rate) {
        this.clock = clock;
        this.rate = rate;
        this.filledMillis = clock.millis();
    }

    void rate(long newRate) {
        rate = newRate;
        tokens = 0;
        filledMillis = clock.millis();
    }

    /// Takes up to `wanted` tokens; all of them when there is no limit.
    int take(int wanted) {
        if (rate == 0) {
            return wanted;
        }
        fill();
        int taken = (int) Math.min(wanted, (long) tokens);
        tokens -= taken;
        return taken;
    }

    void giveBack(int unused) {
        tokens += rate == 0 ? 0 : unused;
    }

    private void fill() {
        long now = clock.millis();
        double most = Math.max(1, (double) rate / PORTIONS);
        tokens = Math.min(most, tokens + (double) rate * Math.max(0, now - filledMillis) / MILLIS_PER_SECOND);
        filledMillis = now;
    }
}

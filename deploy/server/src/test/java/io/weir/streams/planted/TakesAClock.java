package io.weir.streams.planted;

import java.time.Clock;
import java.time.Instant;
import java.util.Random;

/// Keeps the rule on time.
public final class TakesAClock {
    private final Clock clock;
    private final Random random;

    TakesAClock(Clock clock, long seed) {
        this.clock = clock;
        this.random = new Random(seed);
    }

    Instant later() {
        return Instant.now(clock).plusMillis(random.nextInt(5) + clock.millis());
    }
}

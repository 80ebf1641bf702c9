package io.weir.log.read;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;

/// When one read gives up.
///
/// @param end on the clock the reader was given
record ReadTime(Clock clock, Instant end) {
    static ReadTime of(Clock clock, Duration duration) {
        return new ReadTime(clock, clock.instant().plus(duration));
    }

    boolean isOver() {
        return !clock.instant().isBefore(end);
    }

    /// How long one poll may wait: short enough to notice the end.
    Duration poll(Duration atMost) {
        Duration left = Duration.between(clock.instant(), end);
        if (left.isNegative()) {
            return Duration.ZERO;
        }
        return left.compareTo(atMost) < 0 ? left : atMost;
    }
}

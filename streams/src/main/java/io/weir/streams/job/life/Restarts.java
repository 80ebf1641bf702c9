package io.weir.streams.job.life;

import io.weir.streams.job.registry.Failure;
import java.time.Duration;
import java.util.Optional;

/// When a failed version is tried again without being asked: a failure of something outside for ever, ever
/// more
/// slowly; a failure of ours three times; a failure of the job's code or data never, it would fail again.
public final class Restarts {
    /// A version that ran this long has its earlier restarts forgotten.
    public static final Duration STEADY = Duration.ofMinutes(5);

    private static final Duration FIRST = Duration.ofSeconds(1);
    private static final Duration LONGEST = Duration.ofSeconds(60);
    private static final int MOST_DOUBLINGS = 6;
    private static final int MOST_INTERNAL = 3;

    private Restarts() {}

    /// @param restarts how many there were since the version last ran steadily
    /// @return how long after the failure to try again; empty for never
    public static Optional<Duration> pause(Failure failure, int restarts) {
        return switch (failure.owner()) {
            case USER -> Optional.empty();
            case EXTERNAL -> Optional.of(backOff(restarts));
            case INTERNAL -> restarts < MOST_INTERNAL ? Optional.of(backOff(restarts)) : Optional.empty();
        };
    }

    private static Duration backOff(int restarts) {
        Duration doubled = FIRST.multipliedBy(1L << Math.min(restarts, MOST_DOUBLINGS));
        return doubled.compareTo(LONGEST) > 0 ? LONGEST : doubled;
    }
}

package io.weir.streams.job.life;

import io.weir.streams.job.RunCounts;
import io.weir.streams.job.RunEngine;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Looks at a runner now and then: its lag asks the log, so it is taken at most every two seconds, and the
/// rate
/// is the growth between two looks. Used by one thread at a time.
final class RunSampler {
    private static final Logger LOG = LoggerFactory.getLogger(RunSampler.class);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(2);
    private static final double MILLIS_PER_SECOND = 1000.0;

    private final Clock clock;
    private Instant looked = Instant.EPOCH;
    private long takenIn;
    private Map<String, Long> lag = Map.of();
    private double rate;
    private Map<String, Long> passedOn = Map.of();
    private Map<String, Double> rates = Map.of();
    private RunEngine engine = RunEngine.NONE;

    RunSampler(Clock clock) {
        this.clock = clock;
    }

    LocalRun sample(int version, RunState state, RunningVersion running) {
        Instant now = clock.instant();
        RunCounts counts = running.counts();
        Duration since = Duration.between(looked, now);
        if (since.compareTo(BETWEEN_LOOKS) >= 0) {
            long in = counts.inByStage().values().stream()
                    .mapToLong(Long::longValue)
                    .max()
                    .orElse(0);
            rate = looked.equals(Instant.EPOCH) ? 0 : Math.max(0, in - takenIn) * MILLIS_PER_SECOND / since.toMillis();
            takenIn = in;
            rates = looked.equals(Instant.EPOCH) ? Map.of() : rates(counts.outByStage(), since);
            passedOn = counts.outByStage();
            lag = lag(running);
            engine = running.engine();
            looked = now;
        }
        return new LocalRun(
                version, state, lag, counts, rate, rates, running.control().progress(), engine);
    }

    private Map<String, Double> rates(Map<String, Long> out, Duration since) {
        Map<String, Double> perSecond = new HashMap<>();
        out.forEach((stage, count) -> perSecond.put(
                stage, Math.max(0, count - passedOn.getOrDefault(stage, 0L)) * MILLIS_PER_SECOND / since.toMillis()));
        return perSecond;
    }

    /// A log that does not answer just now leaves the older figure: what it says about the runner matters
    /// more.
    private Map<String, Long> lag(RunningVersion running) {
        try {
            return running.lagBySource();
        } catch (RuntimeException e) {
            LOG.debug("Lag is not known just now", e);
            return lag;
        }
    }

    void reset() {
        looked = Instant.EPOCH;
        takenIn = 0;
        lag = Map.of();
        rate = 0;
        passedOn = Map.of();
        rates = Map.of();
        engine = RunEngine.NONE;
    }
}

package io.weir.streams.replay;

import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// How history is read.
///
/// @param start first offsets, for progress only: where the consumer begins is what its group has committed
/// @param end where history ends; from there on the sources are followed
/// @param stop nothing from here on is delivered; empty to go on for ever
/// @param notBeforeMillis records of streams with an earlier event time are skipped; negative takes all
/// @param rate most records per second in this process, 0 = as fast as it goes
/// @param maxDriftMillis how far of event time a partition may be ahead of the slowest one, at least 1
/// @param paused whether nothing is delivered until somebody goes on
/// @param tier where history is read
/// @param beforeMillis records from this event time on are skipped, of tables too; negative takes all
/// @param only of streams these offsets alone, and only once all tables are read; empty takes all
public record ReplaySettings(
        Map<TopicPartition, Long> start,
        Map<TopicPartition, Long> end,
        Map<TopicPartition, Long> stop,
        long notBeforeMillis,
        long rate,
        long maxDriftMillis,
        boolean paused,
        ReplayTier tier,
        long beforeMillis,
        Map<TopicPartition, Set<Long>> only) {
    public ReplaySettings {
        only = Map.copyOf(only);
        start = Map.copyOf(start);
        end = Map.copyOf(end);
        stop = Map.copyOf(stop);
        if (maxDriftMillis < 1) {
            throw new IllegalArgumentException("Replay: maxDrift must be at least 1 ms, got " + maxDriftMillis + ".");
        }
    }

    /// A replay of everything, through the broker, as fast as it goes, that then follows its sources.
    ///
    /// @param end where history ends
    public static ReplaySettings of(Map<TopicPartition, Long> end, long maxDriftMillis) {
        return new ReplaySettings(Map.of(), end, Map.of(), -1, 0, maxDriftMillis, false, ReplayTier.T1, -1, Map.of());
    }

    public ReplaySettings from(Map<TopicPartition, Long> offsets) {
        return new ReplaySettings(
                offsets, end, stop, notBeforeMillis, rate, maxDriftMillis, paused, tier, beforeMillis, only);
    }

    public ReplaySettings stoppingAt(Map<TopicPartition, Long> offsets) {
        return new ReplaySettings(
                start, end, offsets, notBeforeMillis, rate, maxDriftMillis, paused, tier, beforeMillis, only);
    }

    public ReplaySettings notBefore(long millis) {
        return new ReplaySettings(start, end, stop, millis, rate, maxDriftMillis, paused, tier, beforeMillis, only);
    }

    public ReplaySettings atRate(long recordsPerSecond) {
        return new ReplaySettings(
                start, end, stop, notBeforeMillis, recordsPerSecond, maxDriftMillis, paused, tier, beforeMillis, only);
    }

    public ReplaySettings through(ReplayTier where) {
        return new ReplaySettings(
                start, end, stop, notBeforeMillis, rate, maxDriftMillis, paused, where, beforeMillis, only);
    }

    public ReplaySettings only(Map<TopicPartition, Set<Long>> offsets) {
        return new ReplaySettings(
                start, end, stop, notBeforeMillis, rate, maxDriftMillis, paused, tier, beforeMillis, offsets);
    }
}

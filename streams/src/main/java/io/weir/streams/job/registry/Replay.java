package io.weir.streams.job.registry;

import io.weir.streams.replay.ReplayTier;
import java.util.Map;

/// How a version reads history. Offsets are by `topic-partition`.
///
/// @param start first offsets to be read, of every partition of every source
/// @param end where the sources ended when the replay was asked for: from there on the version catches up
/// @param stop where it shall stop; empty to go on and follow the sources
/// @param notBeforeMillis rows of streams with an earlier timestamp are left out; negative takes all
/// @param rate most records per second on each node, 0 = as fast as it goes
/// @param maxDriftMillis how far of event time one partition may be ahead of another, at least 1
/// @param paused whether it stands still
/// @param tier where history is read
public record Replay(
        Map<String, Long> start,
        Map<String, Long> end,
        Map<String, Long> stop,
        long notBeforeMillis,
        long rate,
        long maxDriftMillis,
        boolean paused,
        ReplayTier tier) {
    public Replay {
        start = Map.copyOf(start);
        end = Map.copyOf(end);
        stop = Map.copyOf(stop);
    }

    /// Whether it ends at a given place and never follows its sources.
    public boolean bounded() {
        return !stop.isEmpty();
    }

    Replay tuned(long newRate, boolean nowPaused) {
        return new Replay(start, end, stop, notBeforeMillis, newRate, maxDriftMillis, nowPaused, tier);
    }
}

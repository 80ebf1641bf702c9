package io.weir.streams.job.life;

import io.weir.streams.replay.ReplayTier;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What a user asks of a replay.
///
/// @param from where to begin
/// @param to where to end; empty to go on and follow the sources
/// @param rate most records per second on each node, 0 = as fast as it goes
/// @param maxDrift how far of event time a partition may be ahead; empty to follow from the plan
/// @param tier where history is read; empty to read from the archive what is there
public record ReplayRequest(
        From from, Map<String, Long> to, long rate, Optional<Duration> maxDrift, Optional<ReplayTier> tier) {
    /// A replay from the place that is best.
    public ReplayRequest(From from, Map<String, Long> to, long rate, Optional<Duration> maxDrift) {
        this(from, to, rate, maxDrift, Optional.empty());
    }

    /// Where a replay begins. Tables are always read from their beginning.
    public sealed interface From {
        /// The oldest record that is there.
        record Beginning() implements From {}

        /// Rows that are not older.
        record At(Instant time) implements From {}

        /// @param offsets by `topic-partition`; a partition that is missing begins with its oldest record
        record Offsets(Map<String, Long> offsets) implements From {
            public Offsets {
                offsets = Map.copyOf(offsets);
            }
        }
    }

    public ReplayRequest {
        to = Map.copyOf(to);
    }
}

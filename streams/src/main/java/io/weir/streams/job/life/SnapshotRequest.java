package io.weir.streams.job.life;

import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// What a user asks of a snapshot.
///
/// @param asOf the place in the sources
/// @param rate most records per second, 0 = as fast as it goes
public record SnapshotRequest(AsOf asOf, long rate) {
    /// A place in the sources.
    public sealed interface AsOf {
        /// Where the sources end when it is asked for.
        record Now() implements AsOf {}

        /// Rows before this event time, with those that came late.
        record Time(Instant time) implements AsOf {}

        /// @param offsets by `topic-partition`, exclusive; a partition that is missing is read to its end
        /// @param before only rows before this event time
        record Offsets(Map<String, Long> offsets, Optional<Instant> before) implements AsOf {
            public Offsets {
                offsets = Map.copyOf(offsets);
            }
        }
    }
}

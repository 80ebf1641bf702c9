package io.weir.streams.job.registry;

import java.util.Map;

/// Dead letters whose records are fed again: a range of the dead letter topic, which stays the same after a
/// crash.
///
/// @param from first offsets, by `topic-partition`
/// @param to exclusive ends
public record Letters(Map<String, Long> from, Map<String, Long> to) {
    public Letters {
        from = Map.copyOf(from);
        to = Map.copyOf(to);
    }
}

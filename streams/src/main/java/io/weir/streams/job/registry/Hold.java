package io.weir.streams.job.registry;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;

/// Two versions stand still, so that one can take over from the other at the same place.
///
/// @param since when it was asked for
/// @param at where both stop, offset by `topic-partition`; empty until both have said where they stand
/// @param seen where each version stands, by its number, then by `topic-partition`
/// @param marks where all output topics ended before the first correction was written; empty until then
public record Hold(Instant since, Map<String, Long> at, Map<Integer, Map<String, Long>> seen, Map<String, Long> marks) {
    public Hold {
        marks = Map.copyOf(marks);
        at = Map.copyOf(at);
        Map<Integer, Map<String, Long>> copy = new HashMap<>();
        seen.forEach((version, positions) -> copy.put(version, Map.copyOf(positions)));
        seen = Map.copyOf(copy);
    }

    static Hold begun(Instant at) {
        return new Hold(at, Map.of(), Map.of(), Map.of());
    }

    Hold at(Map<String, Long> vector) {
        return new Hold(since, vector, seen, marks);
    }

    Hold with(int version, Map<String, Long> positions) {
        Map<Integer, Map<String, Long>> next = new HashMap<>(seen);
        Map<String, Long> merged = new HashMap<>(next.getOrDefault(version, Map.of()));
        merged.putAll(positions);
        next.put(version, merged);
        return new Hold(since, at, next, marks);
    }

    Hold marked(Map<String, Long> ends) {
        return new Hold(since, at, seen, ends);
    }
}

package io.weir.streams.job;

import java.util.Map;

/// A run that comes to an end: its input stops somewhere, and then every window that is still open is closed.
///
/// @param deadLetters the topic for rows that it cannot process
/// @param attempts how often records have failed before, by `topic-partition@offset`
public record RunEnd(String deadLetters, Map<String, Integer> attempts) {
    public RunEnd {
        attempts = Map.copyOf(attempts);
    }
}

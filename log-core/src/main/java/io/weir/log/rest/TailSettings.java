package io.weir.log.rest;

import java.time.Duration;

/// @param max `weir.rest.tails.max`: tails that may be open on this node at a time, at least 1; one more is
///     answered with 429. Default 100
/// @param keepAlive how long a tail may be silent before a comment line tells that it lives. Default 15 s
/// @param patience how long a client may leave its window full before it is told `slow` and closed. Default 60 s
/// @param windowEvents events on their way to one client. Default 1,000
/// @param windowBytes bytes on their way to one client. Default 8 MiB
public record TailSettings(int max, Duration keepAlive, Duration patience, int windowEvents, int windowBytes) {
    public static final int DEFAULT_MAX = 100;

    public TailSettings {
        if (max < 1) {
            throw new io.weir.log.fault.WeirException(
                    "setting-invalid",
                    io.weir.log.fault.Whose.USER,
                    "Setting 'weir.rest.tails.max': must be at least 1, got " + max + ".");
        }
    }

    public static TailSettings ofMax(int max) {
        return new TailSettings(max, Duration.ofSeconds(15), Duration.ofSeconds(60), 1_000, 8 << 20);
    }
}

package io.weir.log.rest;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.time.Duration;

/// @param max `weir.rest.tails.max`: tails that may be open on this node at a time, at least 1; one more is
///     answered with 429. Default 100
/// @param keepAlive how long a tail may be silent before a comment line tells that it lives. Default 15 s
/// @param patience `weir.rest.tails.patience`: how long a client may leave its window full before it is told `slow` and
/// closed. Default 60 s
/// @param windowEvents events on their way to one client. Default 1,000
/// @param windowBytes bytes on their way to one client. Default 8 MiB
public record TailSettings(int max, Duration keepAlive, Duration patience, int windowEvents, int windowBytes) {
    public static final int DEFAULT_MAX = 100;
    public static final Duration DEFAULT_PATIENCE = Duration.ofSeconds(60);

    public TailSettings {
        if (max < 1) {
            throw invalid("weir.rest.tails.max", "must be at least 1, got " + max + ".");
        }
        if (!patience.isPositive()) {
            throw invalid("weir.rest.tails.patience", "must be longer than nothing, got " + patience + ".");
        }
    }

    public static TailSettings of(int max, Duration patience) {
        return new TailSettings(max, Duration.ofSeconds(15), patience, 1_000, 8 << 20);
    }

    private static WeirException invalid(String setting, String words) {
        return new WeirException("setting-invalid", Whose.USER, "Setting '" + setting + "': " + words);
    }
}

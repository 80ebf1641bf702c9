package io.weir.streams.rest;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Reads `?timeout=`: `500ms`, `30s`, `2m` or ISO-8601 (`PT30S`), at most ten minutes.
final class Waiting {
    static final Duration DEFAULT = Duration.ofSeconds(30);
    private static final Duration LONGEST = Duration.ofMinutes(10);

    private Waiting() {}

    static Duration timeout(@Nullable String given) {
        if (given == null || given.isBlank()) {
            return DEFAULT;
        }
        Duration timeout = parse(given);
        if (timeout.isNegative() || timeout.compareTo(LONGEST) > 0) {
            throw refusal(given);
        }
        return timeout;
    }

    private static Duration parse(String given) {
        try {
            if (given.matches("[0-9]{1,9}ms")) {
                return Duration.ofMillis(Long.parseLong(given.substring(0, given.length() - 2)));
            }
            String iso = given.toUpperCase(Locale.ROOT);
            return Duration.parse(iso.startsWith("P") ? iso : "PT" + iso);
        } catch (DateTimeParseException e) {
            throw refusal(given);
        }
    }

    private static WeirException refusal(String given) {
        return new WeirException(
                "parameter-invalid",
                Whose.USER,
                "Parameter 'timeout': must be a time of at most 10 minutes such as 500ms, 30s or 2m, got '" + given
                        + "'.");
    }
}

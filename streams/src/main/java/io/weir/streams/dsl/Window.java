package io.weir.streams.dsl;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How event time is cut into windows: `tumbling("1h").grace("10m").late("flights.late")`.
public final class Window {
    private final long sizeMillis;
    private final long graceMillis;
    private final @Nullable String late;

    private Window(long sizeMillis, long graceMillis, @Nullable String late) {
        this.sizeMillis = sizeMillis;
        this.graceMillis = graceMillis;
        this.late = late;
    }

    /// Windows of equal length that neither overlap nor leave gaps, aligned to 1970-01-01T00:00:00Z.
    ///
    /// @param size a length such as `1h`, `90s`, `500ms`, `1d`
    public static Ungraced tumbling(String size) {
        return tumbling(duration(size));
    }

    /// Windows of equal length that neither overlap nor leave gaps, aligned to 1970-01-01T00:00:00Z.
    ///
    /// @param size at least one millisecond
    public static Ungraced tumbling(Duration size) {
        if (size.toMillis() < 1) {
            throw new PlanRefused("window", "window-size", "a window lasts at least 1ms, got " + size + ".");
        }
        return new Ungraced(size.toMillis());
    }

    /// Sends rows whose window has closed to a topic, as they came, with headers that say how late they
    /// were.
    public Window late(String topic) {
        Names.checkTopic(topic, "window");
        return new Window(sizeMillis, graceMillis, topic);
    }

    long sizeMillis() {
        return sizeMillis;
    }

    long graceMillis() {
        return graceMillis;
    }

    @Nullable
    String lateTopic() {
        return late;
    }

    /// A window that still has to be told how long it waits for late rows.
    public static final class Ungraced {
        private final long sizeMillis;

        private Ungraced(long sizeMillis) {
            this.sizeMillis = sizeMillis;
        }

        /// How far event time must have passed the end of a window until it closes.
        ///
        /// @param grace a length such as `10m`; `0s` closes a window with the first row after it
        public Window grace(String grace) {
            return grace(duration(grace));
        }

        /// How far event time must have passed the end of a window until it closes.
        public Window grace(Duration grace) {
            if (grace.isNegative()) {
                throw new PlanRefused("window", "window-grace", "grace is at least 0s, got " + grace + ".");
            }
            return new Window(sizeMillis, grace.toMillis(), null);
        }
    }

    /// Reads `500ms`, `90s`, `10m`, `1h`, `30d`.
    static Duration duration(String text) {
        String trimmed = text.strip().toLowerCase(Locale.ROOT);
        int digits = 0;
        while (digits < trimmed.length() && Character.isDigit(trimmed.charAt(digits))) {
            digits++;
        }
        if (digits == 0 || digits > 15) {
            throw refused(text);
        }
        long number = Long.parseLong(trimmed.substring(0, digits));
        return switch (trimmed.substring(digits)) {
            case "ms" -> Duration.ofMillis(number);
            case "s" -> Duration.ofSeconds(number);
            case "m" -> Duration.ofMinutes(number);
            case "h" -> Duration.ofHours(number);
            case "d" -> Duration.ofDays(number);
            default -> throw refused(text);
        };
    }

    private static PlanRefused refused(String text) {
        return new PlanRefused(
                "window",
                "duration",
                "a length is a number and a unit (ms, s, m, h, d) such as 90s, got '" + text + "'.");
    }
}

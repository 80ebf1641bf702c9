package io.weir.streams.dsl;

import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// How event time is cut into windows: `tumbling("1h").grace("10m").late("flights.late")`.
///
/// A window closes once event time has passed its end by the grace. A session ends one gap after its last
/// row.
public final class Window {
    private final WindowShape shape;
    private final long graceMillis;
    private final @Nullable String late;

    private Window(WindowShape shape, long graceMillis, @Nullable String late) {
        this.shape = shape;
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
        return new Ungraced(new WindowShape.Tumbling(atLeastOneMilli(size)));
    }

    /// Windows of equal length that start regularly and overlap, aligned to 1970-01-01T00:00:00Z. A row
    /// belongs to each window that holds its time.
    ///
    /// @param size a length such as `1h`
    /// @param every from one start to the next, such as `10m`; not longer than the window
    public static Ungraced hopping(String size, String every) {
        return hopping(duration(size), duration(every));
    }

    /// Windows of equal length that start regularly and overlap, aligned to 1970-01-01T00:00:00Z.
    ///
    /// @param size at least `every`
    /// @param every at least one millisecond
    public static Ungraced hopping(Duration size, Duration every) {
        long sizeMillis = atLeastOneMilli(size);
        long everyMillis = atLeastOneMilli(every);
        if (everyMillis > sizeMillis) {
            throw new PlanRefused(
                    "window",
                    "window-size",
                    "hopping windows must not leave gaps, got a size of " + size + " every " + every
                            + ". Make the size at least as long.");
        }
        return new Ungraced(new WindowShape.Hopping(sizeMillis, everyMillis));
    }

    /// All windows of this length that begin or end with a row: for each row what happened up to it, and
    /// what happened right after it.
    ///
    /// @param difference how far the first and the last row of a window may lie apart
    public static Ungraced sliding(String difference) {
        return sliding(duration(difference));
    }

    /// All windows of this length that begin or end with a row.
    ///
    /// @param difference how far the first and the last row of a window may lie apart, at least one
    ///     millisecond
    public static Ungraced sliding(Duration difference) {
        return new Ungraced(new WindowShape.Sliding(atLeastOneMilli(difference)));
    }

    /// Rows of a key that follow each other without a longer pause.
    ///
    /// @param gap the longest pause within a session, such as `30m`
    public static Ungraced session(String gap) {
        return session(duration(gap));
    }

    /// Rows of a key that follow each other without a longer pause.
    ///
    /// @param gap the longest pause within a session, at least one millisecond
    public static Ungraced session(Duration gap) {
        return new Ungraced(new WindowShape.Session(atLeastOneMilli(gap)));
    }

    private static long atLeastOneMilli(Duration length) {
        if (length.toMillis() < 1) {
            throw new PlanRefused("window", "window-size", "a window lasts at least 1ms, got " + length + ".");
        }
        return length.toMillis();
    }

    /// Sends rows whose window has closed to a topic, as they came, with headers that say how late they
    /// were.
    public Window late(String topic) {
        Names.checkTopic(topic, "window");
        return new Window(shape, graceMillis, topic);
    }

    WindowShape shape() {
        return shape;
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
        private final WindowShape shape;

        private Ungraced(WindowShape shape) {
            this.shape = shape;
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
            return new Window(shape, grace.toMillis(), null);
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

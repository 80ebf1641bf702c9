package io.weir.streams.dsl;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// How far two rows may lie apart in event time to be joined: `within("5m").grace("1m").late("ads.late")`.
public final class Within {
    private final long withinMillis;
    private final long graceMillis;
    private final @Nullable String late;

    private Within(long withinMillis, long graceMillis, @Nullable String late) {
        this.withinMillis = withinMillis;
        this.graceMillis = graceMillis;
        this.late = late;
    }

    /// Rows whose times differ by no more than this, whichever comes first.
    ///
    /// @param difference a length such as `5m`; `0s` joins rows of the same millisecond
    public static Ungraced within(String difference) {
        return within(Window.duration(difference));
    }

    /// Rows whose times differ by no more than this, whichever comes first.
    public static Ungraced within(Duration difference) {
        if (difference.isNegative()) {
            throw new PlanRefused("join", "join-within", "rows lie at least 0s apart, got " + difference + ".");
        }
        return new Ungraced(difference.toMillis());
    }

    /// Sends rows of both sides that come too late to a topic, as they came, with headers that say how late
    /// they were.
    public Within late(String topic) {
        Names.checkTopic(topic, "join");
        return new Within(withinMillis, graceMillis, topic);
    }

    long withinMillis() {
        return withinMillis;
    }

    long graceMillis() {
        return graceMillis;
    }

    @Nullable
    String lateTopic() {
        return late;
    }

    /// A join that still has to be told how long it waits for late rows.
    public static final class Ungraced {
        private final long withinMillis;

        private Ungraced(long withinMillis) {
            this.withinMillis = withinMillis;
        }

        /// How far a row may lie behind the greatest event time of both sides.
        ///
        /// @param grace a length such as `10m`
        public Within grace(String grace) {
            return grace(Window.duration(grace));
        }

        /// How far a row may lie behind the greatest event time of both sides.
        public Within grace(Duration grace) {
            if (grace.isNegative()) {
                throw new PlanRefused("join", "window-grace", "grace is at least 0s, got " + grace + ".");
            }
            return new Within(withinMillis, grace.toMillis(), null);
        }
    }
}

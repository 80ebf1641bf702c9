package io.weir.streams.job.failpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The places between two steps of a promotion, a rollback or a backfill. One of them is armed at most;
/// reaching any
/// other reads one field and goes on. One per process. Safe for use by any thread.
public enum JobFailpoint {
    /// Both versions are told to stand still.
    HELD,
    /// Where both shall stop is written down.
    BARRIER_SET,
    /// Both stand there, and where all outputs end is written down.
    MARKED,
    /// Corrections are sent, their transaction is open.
    BEFORE_CORRECTIONS_COMMIT,
    /// Corrections are committed, nobody has written it down.
    AFTER_CORRECTIONS_COMMIT,
    /// The versions have changed places, nobody goes on yet.
    CHANGED_PLACES,
    /// The windows of a backfill are committed, nobody has written it down.
    BACKFILL_PUBLISHED,
    /// It is written down, what the run leaves behind is there.
    BACKFILL_NOTED;

    /// What sets these names apart from those of the archive.
    public static final String PREFIX = "job-";

    private static volatile @Nullable Armed armed;

    private record Armed(JobFailpoint point, Runnable action) {}

    /// Tells one place what to do when it is reached. The last word counts.
    public static void arm(JobFailpoint point, Runnable action) {
        armed = new Armed(point, action);
    }

    /// As a person writes it: `job-held`.
    public String label() {
        return PREFIX + name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<JobFailpoint> of(String label) {
        return Arrays.stream(values())
                .filter(point -> point.label().equals(label))
                .findFirst();
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(JobFailpoint::label).toList();
    }

    /// Called where the name says.
    public void reach() {
        Armed present = armed;
        if (present != null && present.point == this) {
            present.action.run();
        }
    }
}

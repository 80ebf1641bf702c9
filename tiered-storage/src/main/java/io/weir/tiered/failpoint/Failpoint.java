package io.weir.tiered.failpoint;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// The places on the way of a record where a node may be told to die, to fail or to wait: between any two
/// steps
/// that a crash could tear apart. One of them is armed at most, once, when the process starts; reaching any
/// other,
/// or all of them in a node that was not told anything, reads one field and goes on.
///
/// One per process, as Kafka makes the plugin by reflection. Safe for use by any thread.
public enum Failpoint {
    /// Everything is staged, no object of the segment is in the store.
    BEFORE_UPLOAD,
    /// The data file is in the store, the sidecar is not.
    AFTER_UPLOAD,
    /// The copy is complete, the broker does not know.
    AFTER_SIDECAR,
    /// Files are ready, the table does not have them.
    BEFORE_COMMIT,
    /// The table has them, nobody here knows.
    AFTER_COMMIT,
    /// Local copies are about to be given up for `tier now`.
    BEFORE_LOCAL_DELETE,
    /// Local copies are gone, the topic's setting is not restored.
    AFTER_LOCAL_DELETE,
    /// Retention has asked for a segment's end, all its objects are there.
    BEFORE_DELETE,
    /// The segment's objects are gone, the broker does not know.
    AFTER_DELETE,
    /// The larger file is in the store, nobody lists it.
    AFTER_COMPACTION_UPLOAD,
    /// Sidecars list the larger file, the table lists the smaller ones.
    BEFORE_COMPACTION_COMMIT,
    /// The table lists the larger file, the smaller ones are in older snapshots.
    AFTER_COMPACTION_COMMIT,
    /// The log has forgotten the erased records, the table has not.
    BEFORE_ERASE_COMMIT,
    /// Both have forgotten them, nobody has written it down.
    AFTER_ERASE_COMMIT;

    private static volatile @Nullable Armed armed;

    private record Armed(Failpoint point, Runnable action) {}

    /// Tells one place what to do when it is reached. The last word counts.
    public static void arm(Failpoint point, Runnable action) {
        armed = new Armed(point, action);
    }

    /// No place does anything any more.
    public static void disarm() {
        armed = null;
    }

    /// As a person writes it: `before-upload`.
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public static Optional<Failpoint> of(String label) {
        return Arrays.stream(values())
                .filter(point -> point.label().equals(label))
                .findFirst();
    }

    public static List<String> labels() {
        return Arrays.stream(values()).map(Failpoint::label).toList();
    }

    /// Called where the name says.
    public void reach() {
        Armed present = armed;
        if (present != null && present.point == this) {
            present.action.run();
        }
    }
}

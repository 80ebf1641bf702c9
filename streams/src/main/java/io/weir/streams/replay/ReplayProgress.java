package io.weir.streams.replay;

import java.util.List;

/// How far a replay has come in this process.
///
/// @param done records of history that were delivered, gaps included
/// @param total records of history, gaps included
/// @param slowestMillis event time of the slowest partition that has more to give; [RecordTime#NONE] if none
///     has
/// @param fastestMillis greatest event time that was delivered; [RecordTime#NONE] if none was
/// @param coldRecords that this process read from the archive since it began
/// @param foldedRecords that were folded from the archive's columns, beside those
/// @param hotRecords that it read from the broker
/// @param throttledMillis how long the throttle, or a pause, let nothing pass
/// @param partitions every partition of every source
public record ReplayProgress(
        long done,
        long total,
        long slowestMillis,
        long fastestMillis,
        long coldRecords,
        long foldedRecords,
        long hotRecords,
        long throttledMillis,
        List<Part> partitions) {
    /// Of a version that does not replay.
    public static final ReplayProgress NONE =
            new ReplayProgress(0, 0, RecordTime.NONE, RecordTime.NONE, 0, 0, 0, 0, List.of());

    /// @param next next offset to be delivered
    /// @param end where history ends
    /// @param read whether this process has the partition
    /// @param cold whether it is read from the archive just now
    /// @param folded whether what was read of it last was folded from columns
    public record Part(String topic, int partition, long next, long end, boolean read, boolean cold, boolean folded) {}

    public ReplayProgress {
        partitions = List.copyOf(partitions);
    }

    public double percent() {
        return total == 0 ? 100.0 : Math.min(100.0, 100.0 * done / total);
    }
}

package io.weir.tiered.archive;

import java.time.Duration;
import java.time.Instant;

/// How far the archive is behind one partition.
///
/// @param tieredTo next offset that is not in the archive
/// @param end next offset that will be written
/// @param bytes local bytes that are not in the archive; an estimate from the local log's size
/// @param since when the oldest record that is not in the archive was first seen by this node; the
///     moment of the look when nothing is missing
public record PartitionLag(String topic, int partition, long tieredTo, long end, long bytes, Instant since) {
    /// Offsets that are not in the archive.
    public long records() {
        return Math.max(0, end - tieredTo);
    }

    /// How long the oldest of them has been waiting.
    public Duration age(Instant now) {
        return records() == 0 || now.isBefore(since) ? Duration.ZERO : Duration.between(since, now);
    }
}

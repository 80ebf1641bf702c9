package io.weir.log.read;

import java.util.List;

/// What one range read found.
///
/// @param records ordered by offset within each partition
/// @param next where to go on; it counts over compacted offsets, transaction markers and filtered records, so
///     that following it comes to the end
/// @param end each partition's end when the read began, `next <= end`
public record RecordPage(List<ReadRecord> records, OffsetVector next, OffsetVector end, StoppedBy stoppedBy) {
    public RecordPage {
        records = List.copyOf(records);
    }

    /// Why a read ended.
    public enum StoppedBy {
        /// Everything up to the end was read.
        END,
        /// The wanted number of records was found.
        LIMIT,
        /// The next record would have made the answer too large.
        BYTES,
        /// The time was over.
        TIME
    }
}

package io.weir.tiered.archive;

import io.weir.tiered.archive.VerifiedRecord.Source;
import java.util.Optional;

/// The part of the log that a broker still holds locally.
interface LocalLog {
    /// The records of one partition whose offsets lie in both: the given range and the local log.
    ///
    /// @return empty when there are none; the caller closes it
    Optional<Source> records(String topic, int partition, long firstOffset, long lastOffset);
}

package io.weir.tiered.archive;

import io.weir.tiered.parquet.DecodedRows;
import java.io.IOException;

/// Decoded row groups of one segment: from a cache, or decoded on the spot while a copy is verified.
@FunctionalInterface
interface RowGroupSource {
    /// Some rows of the group, without a gap: those from `offset` on, to the group's end or to some row before it, and
    /// perhaps rows before them.
    ///
    /// @param offset not behind the group's last row
    DecodedRows rows(ColdSegment.RowGroup group, long offset) throws IOException;
}

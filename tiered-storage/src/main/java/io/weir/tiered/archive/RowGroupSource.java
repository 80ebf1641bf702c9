package io.weir.tiered.archive;

import io.weir.tiered.parquet.DecodedRows;
import java.io.IOException;

/// Decoded row groups of one segment: from a cache, or decoded on the spot while a copy is verified.
@FunctionalInterface
interface RowGroupSource {
    DecodedRows rows(ColdSegment.RowGroup group) throws IOException;
}

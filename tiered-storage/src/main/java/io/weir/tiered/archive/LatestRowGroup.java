package io.weir.tiered.archive;

import io.weir.tiered.parquet.DecodedRows;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Decodes row groups and keeps one. Whoever walks the batches in order asks nearly always for the last one again.
/// One thread.
final class LatestRowGroup implements RowGroupSource {
    private int number = -1;
    private @Nullable DecodedRows rows;

    @Override
    public DecodedRows rows(ColdSegment.RowGroup group, long offset) throws IOException {
        DecodedRows known = rows;
        if (known == null || number != group.number()) {
            // the one before must not be held while the next is decoded
            rows = null;
            known = group.decode();
            rows = known;
            number = group.number();
        }
        return known;
    }
}

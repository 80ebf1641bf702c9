package io.weir.tiered.archive;

import io.weir.tiered.parquet.DecodedRows;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Decodes some pages of a row group at a time, and keeps them with the stored bytes of the group: for whoever reads on
/// and on beside many others. One thread.
final class LatestPages implements RowGroupSource {
    /// Pages (of 20,000 rows) that are decoded together.
    private static final int STRETCH = 4;

    private int number = -1;
    private int stretch = -1;
    private byte @Nullable [] bytes;
    private @Nullable DecodedRows rows;

    @Override
    public DecodedRows rows(ColdSegment.RowGroup group, long offset) throws IOException {
        int wanted = group.pages().reaching(offset) / STRETCH;
        DecodedRows known = rows;
        if (known == null || number != group.number() || stretch != wanted) {
            // the ones before must not be held while the next are decoded
            rows = null;
            int first = wanted * STRETCH;
            known = group.decode(
                    bytesOf(group),
                    first,
                    Math.min(first + STRETCH, group.pages().count()));
            rows = known;
            stretch = wanted;
        }
        return known;
    }

    private byte[] bytesOf(ColdSegment.RowGroup group) throws IOException {
        byte[] known = bytes;
        if (known == null || number != group.number()) {
            release();
            known = group.bytes();
            bytes = known;
            number = group.number();
        }
        return known;
    }

    /// What it keeps in memory.
    long sizeBytes() {
        DecodedRows decoded = rows;
        byte[] stored = bytes;
        return (decoded == null ? 0 : decoded.sizeBytes()) + (stored == null ? 0 : stored.length);
    }

    /// Keeps nothing any more.
    void release() {
        rows = null;
        bytes = null;
        number = -1;
        stretch = -1;
    }
}

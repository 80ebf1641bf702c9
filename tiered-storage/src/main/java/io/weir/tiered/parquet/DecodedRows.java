package io.weir.tiered.parquet;

import io.weir.tiered.segment.RecordsEncoder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The rows of one row group in memory, by column, in offset order. Immutable; safe for use by any thread.
/// Headers are kept in Kafka's wire form, so that a batch is rebuilt by copying.
public final class DecodedRows {
    private final long[] offsets;
    private final long[] timestamps;
    private final ByteColumn keys;
    private final ByteColumn values;
    private final ByteColumn headers;

    DecodedRows(long[] offsets, long[] timestamps, ByteColumn keys, ByteColumn values, ByteColumn headers) {
        this.offsets = offsets;
        this.timestamps = timestamps;
        this.keys = keys;
        this.values = values;
        this.headers = headers;
    }

    public int rows() {
        return offsets.length;
    }

    public long offset(int row) {
        return offsets[row];
    }

    /// Milliseconds; -1 where the file holds null.
    public long timestampMillis(int row) {
        return timestamps[row];
    }

    /// Null for a null key.
    public byte @Nullable [] key(int row) {
        return keys.copy(row);
    }

    /// Null for a tombstone.
    public byte @Nullable [] value(int row) {
        return values.copy(row);
    }

    /// First row whose offset is at least `offset`; `rows()` when there is none.
    public int firstAtOrAfter(long offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found >= 0 ? found : -found - 1;
    }

    /// Appends one row as a record of a batch.
    ///
    /// @param timestampDelta as the batch's header demands
    public void encode(int row, int offsetDelta, long timestampDelta, RecordsEncoder encoder) {
        encoder.add(
                offsetDelta,
                timestampDelta,
                keys.bytes(),
                keys.start(row),
                keys.length(row),
                values.bytes(),
                values.start(row),
                values.length(row),
                headers.length(row) < 0 ? null : headers.bytes(),
                headers.start(row),
                headers.length(row));
    }

    /// What it occupies, for the bound of a cache.
    public long sizeBytes() {
        return 16L * offsets.length + keys.sizeBytes() + values.sizeBytes() + headers.sizeBytes() + 256;
    }
}

package io.weir.tiered.parquet;

import io.weir.tiered.segment.RecordsEncoder;
import io.weir.tiered.shape.Shape;
import io.weir.tiered.shape.TextOut;
import java.util.Arrays;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The rows of one row group in memory, by column, in offset order. Immutable; safe for use by any thread.
/// Headers are kept in Kafka's wire form, so that a batch is rebuilt by copying.
public final class DecodedRows {
    private final long[] offsets;
    private final long[] timestamps;
    private final ByteColumn keys;
    private final ByteColumn values;
    private final ByteColumn headers;
    private final ShapedValues shaped;

    DecodedRows(
            long[] offsets,
            long[] timestamps,
            ByteColumn keys,
            ByteColumn values,
            ByteColumn headers,
            ShapedValues shaped) {
        this.offsets = offsets;
        this.timestamps = timestamps;
        this.keys = keys;
        this.values = values;
        this.headers = headers;
        this.shaped = shaped;
    }

    ShapedValues shaped() {
        return shaped;
    }

    /// Ids of the shapes that any row, or any element of a list, has.
    public Set<Long> shapes() {
        return shaped.ids();
    }

    /// A reader of these rows for one thread.
    public RowReader reader() {
        return new RowReader(this);
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
        Shape shape = shaped.shape(row);
        if (shape == null) {
            return values.copy(row);
        }
        TextOut text = reader().value(shape, row);
        return Arrays.copyOf(text.bytes(), text.size());
    }

    /// First row whose offset is at least `offset`; `rows()` when there is none.
    public int firstAtOrAfter(long offset) {
        int found = Arrays.binarySearch(offsets, offset);
        return found >= 0 ? found : -found - 1;
    }

    /// Appends a row whose value stands in `_raw`, or is null.
    void encodeRaw(int row, int offsetDelta, long timestampDelta, RecordsEncoder encoder) {
        encode(row, offsetDelta, timestampDelta, values.bytes(), values.start(row), values.length(row), encoder);
    }

    void encode(
            int row,
            int offsetDelta,
            long timestampDelta,
            byte[] value,
            int valueStart,
            int valueLength,
            RecordsEncoder encoder) {
        encoder.add(
                offsetDelta,
                timestampDelta,
                keys.bytes(),
                keys.start(row),
                keys.length(row),
                value,
                valueStart,
                valueLength,
                headers.length(row) < 0 ? null : headers.bytes(),
                headers.start(row),
                headers.length(row));
    }

    /// What it occupies, for the bound of a cache.
    public long sizeBytes() {
        return 16L * offsets.length
                + keys.sizeBytes()
                + values.sizeBytes()
                + headers.sizeBytes()
                + shaped.sizeBytes()
                + 256;
    }
}

package io.weir.tiered.parquet;

import io.weir.tiered.segment.RecordsEncoder;
import io.weir.tiered.shape.Shape;
import io.weir.tiered.shape.TextOut;

/// Reads rows of one decoded row group, values rebuilt from their shapes. One thread.
public final class RowReader {
    private final DecodedRows rows;
    private final LeafCursor cursor;
    private final TextOut text = new TextOut();

    RowReader(DecodedRows rows) {
        this.rows = rows;
        this.cursor = new LeafCursor(rows.shaped());
    }

    public DecodedRows rows() {
        return rows;
    }

    /// Appends one row as a record of a batch.
    ///
    /// @param timestampDelta as the batch's header demands
    public void encode(int row, int offsetDelta, long timestampDelta, RecordsEncoder encoder) {
        Shape shape = rows.shaped().shape(row);
        if (shape == null) {
            rows.encodeRaw(row, offsetDelta, timestampDelta, encoder);
        } else {
            rebuild(shape, row);
            rows.encode(row, offsetDelta, timestampDelta, text.bytes(), 0, text.size(), encoder);
        }
    }

    private void rebuild(Shape shape, int row) {
        text.reset();
        cursor.moveTo(row);
        shape.render(cursor, text);
    }

    /// The value's bytes, into `text`.
    TextOut value(Shape shape, int row) {
        rebuild(shape, row);
        return text;
    }
}

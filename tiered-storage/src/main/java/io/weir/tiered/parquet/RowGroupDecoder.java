package io.weir.tiered.parquet;

import io.weir.tiered.segment.DataFile;
import io.weir.tiered.shape.Leaf;
import io.weir.tiered.shape.Shape;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.page.PageReadStore;
import org.jspecify.annotations.Nullable;

/// Turns the pages of one row group into [DecodedRows], column by column.
final class RowGroupDecoder {
    private static final int BYTES_PER_TEXT = 8;

    private final PageReadStore pages;
    private final FileShapes file;
    private final long firstRow;
    private final int rows;
    private final int expectedBytes;

    /// @param pages with at least the wanted rows
    /// @param firstRow of the row group that is wanted
    /// @param rows from there on
    /// @param expectedBytes of values in `_raw`, at most
    RowGroupDecoder(PageReadStore pages, FileShapes file, long firstRow, int rows, int expectedBytes) {
        this.pages = pages;
        this.file = file;
        this.firstRow = firstRow;
        this.rows = rows;
        this.expectedBytes = expectedBytes;
    }

    /// A guess at the bytes of the values of a whole row group.
    static long expectedBytes(DataFile.RowGroup group) {
        return Math.min(group.lengthBytes() * 4, 1L << 26);
    }

    DecodedRows decode() {
        ByteColumn values =
                decode(RecordSchema.RAW, expectedBytes / Math.max(1, rows)).bytes();
        ShapedValues shaped = shaped();
        checkTombstones(values, shaped);
        return new DecodedRows(
                decode(RecordSchema.OFFSET, 0).numbers(), timestamps(), keys(), values, headers(), shaped);
    }

    private LeafColumn decode(ColumnDescriptor column, int bytesPerEntry) {
        return ColumnDecoder.decode(pages, column, firstRow, rows, bytesPerEntry);
    }

    private ShapedValues shaped() {
        LeafColumn ids = decode(RecordSchema.SHAPE, 0);
        @Nullable Shape[] shapes = new Shape[rows];
        BitSet used = new BitSet();
        Shape latest = null;
        for (int row = 0; row < rows; row++) {
            if (ids.isPresent(row)) {
                long id = ids.numbers()[row];
                if (latest == null || latest.id() != id) {
                    latest = file.shapes().get(id);
                    latest.addLeavesTo(used);
                }
                shapes[row] = latest;
            }
        }
        return latest == null ? ShapedValues.NONE : new ShapedValues(shapes, leaves(used), file.shapes());
    }

    private @Nullable LeafColumn[] leaves(BitSet used) {
        List<Leaf> leaves = file.tree().leaves();
        List<ColumnDescriptor> descriptors = TypedColumns.leavesOf(file.schema());
        @Nullable LeafColumn[] decoded = new LeafColumn[leaves.size()];
        for (Leaf leaf : leaves) {
            if (used.get(leaf.index())) {
                decoded[leaf.index()] = decode(descriptors.get(leaf.index()), BYTES_PER_TEXT);
            }
        }
        return decoded;
    }

    private long[] timestamps() {
        LeafColumn micros = decode(RecordSchema.TIMESTAMP, 0);
        long[] timestamps = micros.numbers();
        for (int row = 0; row < rows; row++) {
            timestamps[row] =
                    micros.isPresent(row) ? Math.floorDiv(timestamps[row], 1000L) : RecordFileWriter.NO_TIMESTAMP;
        }
        return timestamps;
    }

    /// A key stands in one of two columns.
    private ByteColumn keys() {
        ByteColumn texts = decode(RecordSchema.KEY, BYTES_PER_TEXT).bytes();
        ByteColumn raw = decode(RecordSchema.KEY_RAW, BYTES_PER_TEXT).bytes();
        if (raw.isEmpty()) {
            return texts;
        }
        for (int row = 0; row < rows; row++) {
            if (texts.length(row) >= 0) {
                raw.point(row, raw.append(texts.bytes(), texts.start(row), texts.length(row)), texts.length(row));
            }
        }
        return raw;
    }

    private ByteColumn headers() {
        return HeaderDecoder.decode(
                decode(RecordSchema.HEADER_KEY, BYTES_PER_TEXT),
                decode(RecordSchema.HEADER_VALUE, BYTES_PER_TEXT),
                rows);
    }

    private void checkTombstones(ByteColumn values, ShapedValues shaped) {
        long[] tombstones = decode(RecordSchema.TOMBSTONE, 0).numbers();
        for (int row = 0; row < rows; row++) {
            int set = (tombstones[row] != 0 ? 1 : 0)
                    + (values.length(row) < 0 ? 0 : 1)
                    + (shaped.shape(row) == null ? 0 : 1);
            if (set != 1) {
                throw new IllegalStateException(
                        "Row " + row + ": exactly one of _tombstone, _shape and _raw must be set.");
            }
        }
    }
}

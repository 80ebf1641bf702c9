package io.weir.tiered.parquet;

import io.weir.tiered.segment.DataFile;
import io.weir.tiered.shape.Leaf;
import io.weir.tiered.shape.Shape;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/// Turns the pages of one row group into [DecodedRows], column by column.
final class RowGroupDecoder {
    private final ColumnReadStoreImpl columns;
    private final FileShapes file;
    private final int rows;
    private final int expectedBytes;

    /// @param rows in the pages
    /// @param expectedBytes of values in `_raw`, at most
    RowGroupDecoder(PageReadStore pages, FileShapes file, String createdBy, int rows, int expectedBytes) {
        this.columns = new ColumnReadStoreImpl(pages, new Ignore(file.schema()), file.schema(), createdBy);
        this.file = file;
        this.rows = rows;
        this.expectedBytes = expectedBytes;
    }

    /// A guess at the bytes of the values of a whole row group.
    static long expectedBytes(DataFile.RowGroup group) {
        return Math.min(group.lengthBytes() * 4, 1L << 26);
    }

    DecodedRows decode() {
        ByteColumn keys = new ByteColumn(rows, rows * 8);
        bytes(RecordSchema.KEY, keys);
        bytes(RecordSchema.KEY_RAW, keys);
        ByteColumn values = new ByteColumn(rows, expectedBytes);
        bytes(RecordSchema.RAW, values);
        ShapedValues shaped = shaped();
        checkTombstones(values, shaped);
        return new DecodedRows(
                offsets(), timestamps(), keys, values, new HeaderDecoder(columns, rows).decode(), shaped);
    }

    private ShapedValues shaped() {
        ColumnReader reader = columns.getColumnReader(RecordSchema.SHAPE);
        int present = RecordSchema.SHAPE.getMaxDefinitionLevel();
        @Nullable Shape[] shapes = new Shape[rows];
        BitSet used = new BitSet();
        Shape latest = null;
        for (int row = 0; row < rows; row++) {
            if (reader.getCurrentDefinitionLevel() == present) {
                long id = reader.getLong();
                if (latest == null || latest.id() != id) {
                    latest = file.shapes().get(id);
                    latest.addLeavesTo(used);
                }
                shapes[row] = latest;
            }
            reader.consume();
        }
        return latest == null ? ShapedValues.NONE : new ShapedValues(shapes, leaves(used));
    }

    private @Nullable LeafColumn[] leaves(BitSet used) {
        List<Leaf> leaves = file.tree().leaves();
        List<ColumnDescriptor> descriptors = TypedColumns.leavesOf(file.schema());
        @Nullable LeafColumn[] decoded = new LeafColumn[leaves.size()];
        for (Leaf leaf : leaves) {
            if (used.get(leaf.index())) {
                ColumnReader reader = columns.getColumnReader(descriptors.get(leaf.index()));
                decoded[leaf.index()] = LeafColumn.decode(leaf, reader, rows);
            }
        }
        return decoded;
    }

    private long[] offsets() {
        ColumnReader reader = columns.getColumnReader(RecordSchema.OFFSET);
        long[] offsets = new long[rows];
        for (int row = 0; row < rows; row++) {
            offsets[row] = reader.getLong();
            reader.consume();
        }
        return offsets;
    }

    private long[] timestamps() {
        ColumnReader reader = columns.getColumnReader(RecordSchema.TIMESTAMP);
        int present = RecordSchema.TIMESTAMP.getMaxDefinitionLevel();
        long[] timestamps = new long[rows];
        Arrays.fill(timestamps, RecordFileWriter.NO_TIMESTAMP);
        for (int row = 0; row < rows; row++) {
            if (reader.getCurrentDefinitionLevel() == present) {
                timestamps[row] = Math.floorDiv(reader.getLong(), 1000L);
            }
            reader.consume();
        }
        return timestamps;
    }

    private void bytes(ColumnDescriptor column, ByteColumn target) {
        ColumnReader reader = columns.getColumnReader(column);
        int present = column.getMaxDefinitionLevel();
        for (int row = 0; row < rows; row++) {
            if (reader.getCurrentDefinitionLevel() == present) {
                ByteBuffer value = reader.getBinary().toByteBuffer();
                target.set(row, value);
            }
            reader.consume();
        }
    }

    private void checkTombstones(ByteColumn values, ShapedValues shaped) {
        ColumnReader reader = columns.getColumnReader(RecordSchema.TOMBSTONE);
        for (int row = 0; row < rows; row++) {
            int set = (reader.getBoolean() ? 1 : 0)
                    + (values.length(row) < 0 ? 0 : 1)
                    + (shaped.shape(row) == null ? 0 : 1);
            if (set != 1) {
                throw new IllegalStateException(
                        "Row " + row + ": exactly one of _tombstone, _shape and _raw must be set.");
            }
            reader.consume();
        }
    }

    /// Parquet asks for converters although the columns are read directly.
    static final class Ignore extends GroupConverter {
        private final PrimitiveConverter primitive = new PrimitiveConverter() {};
        private final GroupType group;

        Ignore(GroupType group) {
            this.group = group;
        }

        @Override
        public Converter getConverter(int field) {
            Type type = group.getType(field);
            return type.isPrimitive() ? primitive : new Ignore(type.asGroupType());
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}

package io.weir.tiered.parquet;

import io.weir.tiered.segment.DataFile;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;

/// Turns the pages of one row group into [DecodedRows], column by column.
final class RowGroupDecoder {
    private final ColumnReadStoreImpl columns;
    private final int rows;
    private final int expectedBytes;

    RowGroupDecoder(PageReadStore pages, String createdBy, DataFile.RowGroup listed) {
        this.columns = new ColumnReadStoreImpl(pages, new Ignore(), RecordSchema.MESSAGE, createdBy);
        this.rows = Math.toIntExact(listed.rows());
        this.expectedBytes = (int) Math.min(listed.lengthBytes() * 4, 1L << 26);
    }

    DecodedRows decode() {
        ByteColumn keys = new ByteColumn(rows, rows * 8);
        bytes(RecordSchema.KEY, keys);
        bytes(RecordSchema.KEY_RAW, keys);
        ByteColumn values = new ByteColumn(rows, expectedBytes);
        bytes(RecordSchema.RAW, values);
        checkTombstones(values);
        return new DecodedRows(offsets(), timestamps(), keys, values, new HeaderDecoder(columns, rows).decode());
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

    private void checkTombstones(ByteColumn values) {
        ColumnReader reader = columns.getColumnReader(RecordSchema.TOMBSTONE);
        for (int row = 0; row < rows; row++) {
            if (reader.getBoolean() != values.length(row) < 0) {
                throw new IllegalStateException("Row " + row + ": exactly one of _tombstone and _raw must be set.");
            }
            reader.consume();
        }
    }

    /// Parquet asks for converters although the columns are read directly.
    private static final class Ignore extends GroupConverter {
        private final PrimitiveConverter primitive = new PrimitiveConverter() {};

        @Override
        public Converter getConverter(int field) {
            return field == 5 ? new Headers() : primitive;
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }

    /// `_headers` has two more levels of groups above its leaves.
    private static final class Headers extends GroupConverter {
        private final PrimitiveConverter primitive = new PrimitiveConverter() {};
        private final int depth;

        Headers() {
            this(0);
        }

        private Headers(int depth) {
            this.depth = depth;
        }

        @Override
        public Converter getConverter(int field) {
            return depth < 2 ? new Headers(depth + 1) : primitive;
        }

        @Override
        public void start() {}

        @Override
        public void end() {}
    }
}

package io.weir.tiered.parquet;

import java.util.ArrayList;
import java.util.List;
import java.util.function.IntPredicate;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Converter;
import org.apache.parquet.io.api.GroupConverter;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/// Copies rows of a row group column by column, with their repetition and definition levels: whatever the columns are,
/// a row is the same afterwards.
final class RowCopy {
    private RowCopy() {}

    /// Offsets of all rows.
    static long[] offsets(PageReadStore pages) {
        return ColumnDecoder.decode(pages, RecordSchema.OFFSET, 0, Math.toIntExact(pages.getRowCount()), 0)
                .numbers();
    }

    private static ColumnReadStoreImpl readers(PageReadStore pages, MessageType schema) {
        return new ColumnReadStoreImpl(pages, new Ignore(schema), schema, "weir");
    }

    /// @param stays by row number
    /// @return rows copied
    static long copy(PageReadStore pages, MessageType schema, ColumnWriteStore target, IntPredicate stays) {
        ColumnReadStoreImpl source = readers(pages, schema);
        List<Column> columns = new ArrayList<>();
        for (ColumnDescriptor descriptor : schema.getColumns()) {
            columns.add(new Column(source.getColumnReader(descriptor), target.getColumnWriter(descriptor), descriptor));
        }
        long copied = 0;
        for (int row = 0; row < pages.getRowCount(); row++) {
            boolean kept = stays.test(row);
            for (Column column : columns) {
                column.row(kept);
            }
            if (kept) {
                target.endRecord();
                copied++;
            }
        }
        return copied;
    }

    /// One leaf column on both sides.
    private static final class Column {
        private final ColumnReader from;
        private final ColumnWriter to;
        private final ColumnDescriptor descriptor;
        private long left;

        Column(ColumnReader from, ColumnWriter to, ColumnDescriptor descriptor) {
            this.from = from;
            this.to = to;
            this.descriptor = descriptor;
            this.left = from.getTotalValueCount();
        }

        /// All values of the next row: the first one has repetition level 0, and so has the first of the row behind it.
        void row(boolean kept) {
            do {
                if (kept) {
                    value();
                } else if (from.getCurrentDefinitionLevel() == descriptor.getMaxDefinitionLevel()) {
                    from.skip();
                }
                from.consume();
                left--;
            } while (left > 0 && from.getCurrentRepetitionLevel() > 0);
        }

        private void value() {
            int repetition = from.getCurrentRepetitionLevel();
            int definition = from.getCurrentDefinitionLevel();
            if (definition < descriptor.getMaxDefinitionLevel()) {
                to.writeNull(repetition, definition);
                return;
            }
            switch (descriptor.getPrimitiveType().getPrimitiveTypeName()) {
                case INT32 -> to.write(from.getInteger(), repetition, definition);
                case INT64 -> to.write(from.getLong(), repetition, definition);
                case FLOAT -> to.write(from.getFloat(), repetition, definition);
                case DOUBLE -> to.write(from.getDouble(), repetition, definition);
                case BOOLEAN -> to.write(from.getBoolean(), repetition, definition);
                case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> to.write(from.getBinary(), repetition, definition);
            }
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

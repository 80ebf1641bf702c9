package io.weir.tiered.parquet;

import io.weir.tiered.shape.LeafSink;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.schema.MessageType;

/// The column writers of the leaves of one row group.
final class TypedColumns implements LeafSink {
    private final ColumnWriter[] leaves;

    TypedColumns(MessageType schema, ColumnWriteStore store) {
        List<ColumnDescriptor> typed = leavesOf(schema);
        leaves = typed.stream().map(store::getColumnWriter).toArray(ColumnWriter[]::new);
    }

    /// Leaves behind those of the fixed columns.
    static List<ColumnDescriptor> leavesOf(MessageType schema) {
        List<ColumnDescriptor> all = schema.getColumns();
        return all.subList(RecordSchema.MESSAGE.getColumns().size(), all.size());
    }

    @Override
    public void nothing(int leaf, int repetition, int definition) {
        leaves[leaf].writeNull(repetition, definition);
    }

    @Override
    public void wholeNumber(int leaf, int repetition, int definition, long value) {
        leaves[leaf].write(value, repetition, definition);
    }

    @Override
    public void floatingPoint(int leaf, int repetition, int definition, double value) {
        leaves[leaf].write(value, repetition, definition);
    }

    @Override
    public void truth(int leaf, int repetition, int definition, boolean value) {
        leaves[leaf].write(value, repetition, definition);
    }

    @Override
    public void bytes(int leaf, int repetition, int definition, byte[] source, int start, int length) {
        leaves[leaf].write(Binary.fromReusedByteArray(source, start, length), repetition, definition);
    }
}

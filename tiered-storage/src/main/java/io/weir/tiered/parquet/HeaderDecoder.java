package io.weir.tiered.parquet;

import io.weir.tiered.segment.HeadersEncoder;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.jspecify.annotations.Nullable;

/// Reads the two leaves of `_headers` side by side and turns each non-empty list into Kafka's wire form.
final class HeaderDecoder {
    private final ColumnReader keys;
    private final ColumnReader values;
    private final long leaves;
    private final int rows;
    private final int headerPresent = RecordSchema.HEADER_KEY.getMaxDefinitionLevel();
    private final int valuePresent = RecordSchema.HEADER_VALUE.getMaxDefinitionLevel();

    HeaderDecoder(ColumnReadStoreImpl columns, int rows) {
        this.keys = columns.getColumnReader(RecordSchema.HEADER_KEY);
        this.values = columns.getColumnReader(RecordSchema.HEADER_VALUE);
        // of the pages; when only some of their rows are read, more than those have
        this.leaves = keys.getTotalValueCount();
        this.rows = rows;
    }

    ByteColumn decode() {
        ByteColumn headers = new ByteColumn(rows, 16);
        HeadersEncoder encoder = new HeadersEncoder();
        long read = 0;
        for (int row = 0; row < rows; row++) {
            // at the end of the rows that are read, Parquet says 0, too
            do {
                if (read++ == leaves) {
                    throw new IllegalStateException("_headers has " + row + " rows instead of " + rows + ".");
                }
                if (keys.getCurrentDefinitionLevel() == headerPresent) {
                    encoder.add(keys.getBinary().toByteBuffer(), value());
                }
                keys.consume();
                values.consume();
            } while (keys.getCurrentRepetitionLevel() != 0);
            flush(headers, row, encoder);
        }
        return headers;
    }

    private @Nullable ByteBuffer value() {
        return values.getCurrentDefinitionLevel() == valuePresent
                ? values.getBinary().toByteBuffer()
                : null;
    }

    private static void flush(ByteColumn headers, int row, HeadersEncoder encoder) {
        if (encoder.count() > 0) {
            headers.set(row, encoder.encode(), encoder.size());
            encoder.reset();
        }
    }
}

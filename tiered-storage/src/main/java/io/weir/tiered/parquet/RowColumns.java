package io.weir.tiered.parquet;

import io.weir.tiered.segment.RecordCursor;
import io.weir.tiered.segment.RecordHeader;
import io.weir.tiered.segment.Utf8;
import io.weir.tiered.shape.Shredder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.api.Binary;
import org.jspecify.annotations.Nullable;

/// The column writers of one row group: one call per record, straight into the columns, no record object between.
final class RowColumns {
    private static final int OPTIONAL_PRESENT = 1;
    private static final int HEADER_PRESENT = 1;
    private static final int HEADER_VALUE_PRESENT = 2;

    private final ColumnWriteStore store;
    private final ColumnWriter partitions;
    private final ColumnWriter offsets;
    private final ColumnWriter timestamps;
    private final ColumnWriter keys;
    private final ColumnWriter rawKeys;
    private final ColumnWriter headerKeys;
    private final ColumnWriter headerValues;
    private final ColumnWriter tombstones;
    private final ColumnWriter shapes;
    private final ColumnWriter rawValues;
    private final TypedColumns typed;
    private final Shredder shredder;

    RowColumns(ColumnWriteStore store, TypedColumns typed, Shredder shredder) {
        this.store = store;
        this.partitions = store.getColumnWriter(RecordSchema.PARTITION);
        this.offsets = store.getColumnWriter(RecordSchema.OFFSET);
        this.timestamps = store.getColumnWriter(RecordSchema.TIMESTAMP);
        this.keys = store.getColumnWriter(RecordSchema.KEY);
        this.rawKeys = store.getColumnWriter(RecordSchema.KEY_RAW);
        this.headerKeys = store.getColumnWriter(RecordSchema.HEADER_KEY);
        this.headerValues = store.getColumnWriter(RecordSchema.HEADER_VALUE);
        this.tombstones = store.getColumnWriter(RecordSchema.TOMBSTONE);
        this.shapes = store.getColumnWriter(RecordSchema.SHAPE);
        this.rawValues = store.getColumnWriter(RecordSchema.RAW);
        this.typed = typed;
        this.shredder = shredder;
    }

    /// @return whether the value stands in `_raw`
    boolean write(int partition, long offset, long timestampMillis, RecordCursor record) {
        identity(partition, offset, timestampMillis);
        byte[] bytes = record.bytes();
        key(bytes, record.keyStart(), record.keyLength());
        int repetition = 0;
        while (record.nextHeader()) {
            headerKeys.write(
                    headerName(bytes, record.headerKeyStart(), record.headerKeyLength()), repetition, HEADER_PRESENT);
            if (record.headerValueLength() < 0) {
                headerValues.writeNull(repetition, HEADER_PRESENT);
            } else {
                Binary value = Binary.fromReusedByteArray(bytes, record.headerValueStart(), record.headerValueLength());
                headerValues.write(value, repetition, HEADER_VALUE_PRESENT);
            }
            repetition = 1;
        }
        endHeaders(repetition);
        boolean raw = value(bytes, record.valueStart(), record.valueLength());
        store.endRecord();
        return raw;
    }

    /// @return whether the value stands in `_raw`
    boolean write(
            int partition,
            long offset,
            long timestampMillis,
            byte @Nullable [] key,
            List<RecordHeader> headers,
            byte @Nullable [] value) {
        identity(partition, offset, timestampMillis);
        byte[] none = new byte[0];
        key(key == null ? none : key, 0, key == null ? -1 : key.length);
        int repetition = 0;
        for (RecordHeader header : headers) {
            byte[] name = header.key().getBytes(StandardCharsets.UTF_8);
            headerKeys.write(Binary.fromConstantByteArray(name), repetition, HEADER_PRESENT);
            byte[] headerValue = header.value();
            if (headerValue == null) {
                headerValues.writeNull(repetition, HEADER_PRESENT);
            } else {
                headerValues.write(Binary.fromReusedByteArray(headerValue), repetition, HEADER_VALUE_PRESENT);
            }
            repetition = 1;
        }
        endHeaders(repetition);
        boolean raw = value(value == null ? none : value, 0, value == null ? -1 : value.length);
        store.endRecord();
        return raw;
    }

    /// Names that are not UTF-8 occur only beside a verbatim batch: the row shows them as Kafka's clients do.
    private static Binary headerName(byte[] bytes, int start, int length) {
        return Utf8.isValid(bytes, start, length)
                ? Binary.fromReusedByteArray(bytes, start, length)
                : Binary.fromString(new String(bytes, start, length, StandardCharsets.UTF_8));
    }

    private void identity(int partition, long offset, long timestampMillis) {
        partitions.write(partition, 0, 0);
        offsets.write(offset, 0, 0);
        if (timestampMillis == RecordFileWriter.NO_TIMESTAMP || !RecordFileWriter.storable(timestampMillis)) {
            timestamps.writeNull(0, 0);
        } else {
            timestamps.write(timestampMillis * 1000, 0, OPTIONAL_PRESENT);
        }
    }

    private void key(byte[] bytes, int start, int length) {
        if (length < 0) {
            keys.writeNull(0, 0);
            rawKeys.writeNull(0, 0);
        } else if (Utf8.isValid(bytes, start, length)) {
            keys.write(Binary.fromReusedByteArray(bytes, start, length), 0, OPTIONAL_PRESENT);
            rawKeys.writeNull(0, 0);
        } else {
            keys.writeNull(0, 0);
            rawKeys.write(Binary.fromReusedByteArray(bytes, start, length), 0, OPTIONAL_PRESENT);
        }
    }

    private void endHeaders(int repetition) {
        if (repetition == 0) {
            headerKeys.writeNull(0, 0);
            headerValues.writeNull(0, 0);
        }
    }

    private boolean value(byte[] bytes, int start, int length) {
        tombstones.write(length < 0, 0, 0);
        if (length >= 0 && shredder.shred(bytes, start, length)) {
            shapes.write(shredder.shapeId(), 0, OPTIONAL_PRESENT);
            rawValues.writeNull(0, 0);
            shredder.emit(typed);
            return false;
        }
        shapes.writeNull(0, 0);
        shredder.emitNothing(typed);
        if (length < 0) {
            rawValues.writeNull(0, 0);
            return false;
        }
        rawValues.write(Binary.fromReusedByteArray(bytes, start, length), 0, OPTIONAL_PRESENT);
        return true;
    }

    /// Writes the open pages to the page store.
    void flush() {
        store.flush();
    }

    void close() {
        store.close();
    }
}

package io.weir.tiered.segment;

import java.util.Arrays;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Writes the canonical records section of a batch: the bytes that a batch's `recordsCrc32c` covers and that a
/// Kafka reader gets. The buffer is reused from batch to batch and grows to the largest one. One thread.
public final class RecordsEncoder {
    private static final byte[] NO_HEADERS = {0};

    private byte[] buffer;
    private int size;
    private final CRC32C crc = new CRC32C();

    public RecordsEncoder(int initialBytes) {
        buffer = new byte[Math.max(64, initialBytes)];
    }

    public void reset() {
        size = 0;
    }

    /// Appends one record.
    ///
    /// @param keyLength -1 for a null key
    /// @param valueLength -1 for a null value
    /// @param headers headers in wire form (count, then names and values), or null for none
    public void add(
            int offsetDelta,
            long timestampDelta,
            byte[] keys,
            int keyStart,
            int keyLength,
            byte[] values,
            int valueStart,
            int valueLength,
            byte @Nullable [] headers,
            int headersStart,
            int headersLength) {
        byte[] headerBytes = headers == null ? NO_HEADERS : headers;
        int headerFrom = headers == null ? 0 : headersStart;
        int headerBytesLength = headers == null ? 1 : headersLength;
        int body = 1
                + Varint.sizeOf(timestampDelta)
                + Varint.sizeOf(offsetDelta)
                + Varint.sizeOf(keyLength)
                + Math.max(0, keyLength)
                + Varint.sizeOf(valueLength)
                + Math.max(0, valueLength)
                + headerBytesLength;
        reserve(body + 5);
        int at = Varint.write(buffer, size, body);
        buffer[at++] = 0;
        at = Varint.write(buffer, at, timestampDelta);
        at = Varint.write(buffer, at, offsetDelta);
        at = block(at, keys, keyStart, keyLength);
        at = block(at, values, valueStart, valueLength);
        System.arraycopy(headerBytes, headerFrom, buffer, at, headerBytesLength);
        size = at + headerBytesLength;
    }

    /// Appends the record under the cursor with another timestamp delta.
    public void add(RecordCursor record, long timestampDelta) {
        add(
                record.offsetDelta(),
                timestampDelta,
                record.bytes(),
                record.keyStart(),
                record.keyLength(),
                record.bytes(),
                record.valueStart(),
                record.valueLength(),
                record.bytes(),
                record.headersStart(),
                record.headersEnd() - record.headersStart());
    }

    private int block(int position, byte[] source, int start, int length) {
        int at = Varint.write(buffer, position, length);
        if (length > 0) {
            System.arraycopy(source, start, buffer, at, length);
            at += length;
        }
        return at;
    }

    /// The section's bytes; valid up to `size`, until the next `reset`.
    public byte[] bytes() {
        return buffer;
    }

    public int size() {
        return size;
    }

    /// CRC32C of the section, as an unsigned 32-bit value in an int.
    public int crc32c() {
        return checksum(buffer, 0, size);
    }

    int checksum(byte[] bytes, int start, int length) {
        crc.reset();
        crc.update(bytes, start, length);
        return (int) crc.getValue();
    }

    private void reserve(int more) {
        long wanted = (long) size + more;
        if (wanted > buffer.length) {
            buffer =
                    Arrays.copyOf(buffer, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(wanted, buffer.length * 2L)));
        }
    }
}

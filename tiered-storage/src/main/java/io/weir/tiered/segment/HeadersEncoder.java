package io.weir.tiered.segment;

import java.util.Arrays;

/// Writes the headers of one record in wire form: count, then per header name length, name, value length, value.
/// One thread; reused from record to record.
public final class HeadersEncoder {
    private static final int COUNT_ROOM = 5;

    private byte[] buffer = new byte[256];
    private byte[] encoded = new byte[256];
    private int size;
    private int encodedSize;
    private int count;

    public void reset() {
        size = 0;
        count = 0;
    }

    public int count() {
        return count;
    }

    /// @param valueLength -1 for a null header value
    public void add(byte[] key, int keyStart, int keyLength, byte[] value, int valueStart, int valueLength) {
        reserve(2 * COUNT_ROOM + keyLength + Math.max(0, valueLength));
        size = Varint.write(buffer, size, keyLength);
        append(key, keyStart, keyLength);
        size = Varint.write(buffer, size, valueLength);
        if (valueLength > 0) {
            append(value, valueStart, valueLength);
        }
        count++;
    }

    private void append(byte[] bytes, int start, int length) {
        System.arraycopy(bytes, start, buffer, size, length);
        size += length;
    }

    /// The wire form, from index 0, `size()` bytes long; valid until the next call of `encode`.
    public byte[] encode() {
        if (encoded.length < size + COUNT_ROOM) {
            encoded = new byte[buffer.length + COUNT_ROOM];
        }
        int at = Varint.write(encoded, 0, count);
        System.arraycopy(buffer, 0, encoded, at, size);
        encodedSize = at + size;
        return encoded;
    }

    /// Length of what `encode` returned last.
    public int size() {
        return encodedSize;
    }

    private void reserve(int more) {
        if (size + more > buffer.length) {
            buffer = Arrays.copyOf(buffer, Math.max(size + more, buffer.length * 2));
        }
    }
}

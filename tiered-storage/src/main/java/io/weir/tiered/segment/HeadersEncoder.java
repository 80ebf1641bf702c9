package io.weir.tiered.segment;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

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

    /// @param value null for a null header value
    public void add(ByteBuffer key, @Nullable ByteBuffer value) {
        reserve(2 * COUNT_ROOM + key.remaining() + (value == null ? 0 : value.remaining()));
        size = Varint.write(buffer, size, key.remaining());
        size = append(key);
        size = Varint.write(buffer, size, value == null ? -1 : value.remaining());
        if (value != null) {
            size = append(value);
        }
        count++;
    }

    private int append(ByteBuffer bytes) {
        int length = bytes.remaining();
        bytes.get(bytes.position(), buffer, size, length);
        return size + length;
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

package io.weir.tiered.parquet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import org.apache.parquet.bytes.ByteBufferInputStream;
import org.apache.parquet.bytes.BytesInput;

/// A stretch of a page's bytes.
///
/// @param end exclusive
@SuppressWarnings("ArrayRecordComponent") // a carrier within the package, never compared
record PageBytes(byte[] bytes, int at, int end) {

    static PageBytes of(BytesInput input) {
        try {
            return of(input.toByteBuffer());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static PageBytes of(ByteBuffer buffer) {
        if (buffer.hasArray()) {
            int at = buffer.arrayOffset() + buffer.position();
            return new PageBytes(buffer.array(), at, at + buffer.remaining());
        }
        byte[] copy = new byte[buffer.remaining()];
        buffer.duplicate().get(copy);
        return new PageBytes(copy, 0, copy.length);
    }

    PageBytes from(int position) {
        if (position < at || position > end) {
            throw new IllegalStateException("A page ends before its values do.");
        }
        return new PageBytes(bytes, position, end);
    }

    /// Four bytes, little-endian, as Parquet writes lengths.
    int lengthAt(int position) {
        if (position < at || position > end - 4) {
            throw new IllegalStateException("A page ends before its values do.");
        }
        return (bytes[position] & 0xFF)
                | (bytes[position + 1] & 0xFF) << 8
                | (bytes[position + 2] & 0xFF) << 16
                | (bytes[position + 3] & 0xFF) << 24;
    }

    ByteBufferInputStream stream() {
        return ByteBufferInputStream.wrap(ByteBuffer.wrap(bytes, at, end - at).slice());
    }
}

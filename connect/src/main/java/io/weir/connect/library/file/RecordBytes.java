package io.weir.connect.library.file;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// The bytes of a record's key or value as they were in the topic, from what a bytes or string converter
/// makes of them.
final class RecordBytes {
    private RecordBytes() {}

    /// @param part `key` or `value`, for the message
    /// @throws BadRecord when a converter has made something else of it
    static byte @Nullable [] of(@Nullable Object data, String part) throws BadRecord {
        if (data == null) {
            return null;
        }
        if (data instanceof byte[] bytes) {
            return bytes;
        }
        if (data instanceof String text) {
            return text.getBytes(StandardCharsets.UTF_8);
        }
        if (data instanceof ByteBuffer buffer) {
            byte[] bytes = new byte[buffer.remaining()];
            buffer.duplicate().get(bytes);
            return bytes;
        }
        throw new BadRecord("the " + part + " must arrive as bytes or text, got "
                + data.getClass().getSimpleName() + "; set " + part
                + ".converter to org.apache.kafka.connect.converters.ByteArrayConverter");
    }
}

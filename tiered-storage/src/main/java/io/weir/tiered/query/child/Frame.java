package io.weir.tiered.query.child;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// One message between the node and its SQL child: `u32 length of the body | u8 type | body`, big-endian. Worked
/// example: CREDIT with the body `{"pages":1}` is `0000000b 04 7b2270616765732250...`.
///
/// @param body UTF-8 JSON, or lines for PAGE; owned by the frame, not copied
@SuppressWarnings("ArrayRecordComponent") // a buffer on its way between two streams, never compared
public record Frame(FrameType type, byte[] body) {
    /// Longest body either side accepts, in bytes; a longer one means that the stream is broken.
    public static final int LONGEST_BODY_BYTES = 16 * 1024 * 1024;

    public static Frame of(FrameType type, String body) {
        return new Frame(type, body.getBytes(StandardCharsets.UTF_8));
    }

    public String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    /// Writes and flushes. Not atomic: the caller holds one lock per stream.
    public void writeTo(DataOutputStream out) throws IOException {
        if (body.length > LONGEST_BODY_BYTES) {
            throw new IOException(
                    "Frame " + type + ": at most " + LONGEST_BODY_BYTES + " bytes, got " + body.length + ".");
        }
        out.writeInt(body.length);
        out.writeByte(type.code());
        out.write(body);
        out.flush();
    }

    /// Blocks for the next frame.
    ///
    /// @return null at the regular end of the stream, which is only between frames
    /// @throws IOException unknown type, too long a body, or an end within a frame
    public static @Nullable Frame readFrom(DataInputStream in) throws IOException {
        int first = in.read();
        if (first < 0) {
            return null;
        }
        int length = (first << 24) | (in.readUnsignedByte() << 16) | in.readUnsignedShort();
        FrameType type = FrameType.of(in.readUnsignedByte());
        if (length < 0 || length > LONGEST_BODY_BYTES) {
            throw new IOException("Frame " + type + ": at most " + LONGEST_BODY_BYTES + " bytes, got "
                    + Integer.toUnsignedString(length) + ".");
        }
        byte[] body = new byte[length];
        in.readFully(body);
        return new Frame(type, body);
    }
}

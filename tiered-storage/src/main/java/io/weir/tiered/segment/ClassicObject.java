package io.weir.tiered.segment;

import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A segment that is stored as it is: the CLASSIC section of its sidecar. Chunks are checked one by one, so that a
/// range is proven before it is served.
///
/// ```
/// i64 length | i32 chunk bytes | i32 chunks, each: u32 CRC32C
/// ```
public final class ClassicObject {
    /// Small beside a fetch, large beside its checksum.
    public static final int CHUNK_BYTES = 256 * 1024;

    private static final int HEADER_BYTES = 16;

    private final long lengthBytes;
    private final int chunkBytes;
    private final int[] crc32c;

    private ClassicObject(long lengthBytes, int chunkBytes, int[] crc32c) {
        this.lengthBytes = lengthBytes;
        this.chunkBytes = chunkBytes;
        this.crc32c = crc32c;
    }

    /// Of the segment's bytes.
    public static ClassicObject of(RangeSource source, long lengthBytes) throws java.io.IOException {
        int chunks = Math.toIntExact(Math.ceilDiv(lengthBytes, CHUNK_BYTES));
        int[] sums = new int[chunks];
        for (int chunk = 0; chunk < chunks; chunk++) {
            long from = (long) chunk * CHUNK_BYTES;
            sums[chunk] = checksum(source.read(from, (int) Math.min(CHUNK_BYTES, lengthBytes - from)));
        }
        return new ClassicObject(lengthBytes, CHUNK_BYTES, sums);
    }

    /// @param name how errors name the section
    public static ClassicObject read(byte[] section, String name) {
        ByteBuffer in = ByteBuffer.wrap(section);
        long length = section.length < HEADER_BYTES ? -1 : in.getLong();
        int chunkBytes = length < 0 ? 0 : in.getInt();
        int chunks = length < 0 ? 0 : in.getInt();
        if (length < 0
                || chunkBytes < 1
                || chunks != Math.ceilDiv(length, chunkBytes)
                || in.remaining() != 4L * chunks) {
            throw new CorruptSegmentException(name + ": " + length + " bytes in " + chunks + " chunks cannot be.");
        }
        int[] sums = new int[chunks];
        in.asIntBuffer().get(sums);
        return new ClassicObject(length, chunkBytes, sums);
    }

    public byte[] write() {
        ByteBuffer out = ByteBuffer.allocate(HEADER_BYTES + 4 * crc32c.length);
        out.putLong(lengthBytes).putInt(chunkBytes).putInt(crc32c.length);
        out.asIntBuffer().put(crc32c);
        return out.array();
    }

    /// Of the stored segment.
    public long lengthBytes() {
        return lengthBytes;
    }

    public int chunks() {
        return crc32c.length;
    }

    public int chunkAt(long position) {
        return (int) (position / chunkBytes);
    }

    public long positionOf(int chunk) {
        return (long) chunk * chunkBytes;
    }

    public int lengthOf(int chunk) {
        return (int) Math.min(chunkBytes, lengthBytes - positionOf(chunk));
    }

    /// @param name how errors name the object
    /// @throws CorruptSegmentException these are not the chunk's bytes
    public byte[] proven(int chunk, byte[] bytes, String name) {
        if (checksum(bytes) != crc32c[chunk]) {
            throw new CorruptSegmentException("Segment '" + name + "': bytes " + positionOf(chunk) + " to "
                    + (positionOf(chunk) + lengthOf(chunk) - 1) + " do not match their checksum.");
        }
        return bytes;
    }

    private static int checksum(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }
}

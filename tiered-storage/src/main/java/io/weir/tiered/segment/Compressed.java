package io.weir.tiered.segment;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/// A block that is stored with zstd when that makes it smaller, else as it is.
@SuppressWarnings("ArrayRecordComponent") // a carrier within the package, never compared
record Compressed(int codec, byte[] stored, int rawLength) {
    static final int LEVEL = 3;

    static Compressed smallest(byte[] raw) {
        byte[] packed = Zstd.compress(raw, LEVEL);
        return packed.length < raw.length
                ? new Compressed(SidecarV1.CODEC_ZSTD, packed, raw.length)
                : new Compressed(SidecarV1.CODEC_NONE, raw, raw.length);
    }

    /// @param name how an error names the block
    static byte[] unpack(int codec, byte[] stored, long rawLength, String name) {
        if (codec == SidecarV1.CODEC_NONE) {
            if (rawLength != stored.length) {
                throw new CorruptSegmentException(
                        name + ": must hold " + rawLength + " bytes, holds " + stored.length + ".");
            }
            return stored;
        }
        if (codec != SidecarV1.CODEC_ZSTD || rawLength < 0 || rawLength > Integer.MAX_VALUE - 8) {
            throw new CorruptSegmentException(
                    name + ": codec " + codec + " with raw length " + rawLength + " cannot be.");
        }
        byte[] raw = new byte[(int) rawLength];
        try {
            long written = Zstd.decompress(raw, stored);
            if (Zstd.isError(written) || written != rawLength) {
                throw new CorruptSegmentException(name + ": does not decompress to " + rawLength + " bytes.");
            }
        } catch (ZstdException e) {
            throw new CorruptSegmentException(name + ": does not decompress.", e);
        }
        return raw;
    }

    static int crc32c(byte[] bytes, int start, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, start, length);
        return (int) crc.getValue();
    }

    /// Of the bytes from position to limit; the position does not move.
    static int crc32c(ByteBuffer bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes.duplicate());
        return (int) crc.getValue();
    }

    static int crc32c(byte[] bytes) {
        return crc32c(bytes, 0, bytes.length);
    }
}

package io.weir.tiered.archive;

import io.weir.tiered.segment.RangeSource;
import java.io.IOException;
import java.util.zip.CRC32C;

/// CRC32C of whole objects, read in pieces.
final class Checksums {
    private static final int PIECE_BYTES = 8 * 1024 * 1024;

    private Checksums() {}

    static int of(byte[] bytes) {
        CRC32C crc = new CRC32C();
        crc.update(bytes);
        return (int) crc.getValue();
    }

    static int of(RangeSource source, long length) throws IOException {
        CRC32C crc = new CRC32C();
        for (long position = 0; position < length; position += PIECE_BYTES) {
            crc.update(source.read(position, (int) Math.min(PIECE_BYTES, length - position)));
        }
        return (int) crc.getValue();
    }
}

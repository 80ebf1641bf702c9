package io.weir.tiered.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/// The VERBATIM section on demand. The index is read at first use, checked and kept. Safe for use by any thread.
final class VerbatimBatches {
    private final RangeSource source;
    private final SidecarV1.Section section;
    private final String name;
    private volatile @Nullable ByteBuffer index;

    VerbatimBatches(RangeSource source, SidecarV1.Section section, String name) {
        this.source = source;
        this.section = section;
        this.name = name;
    }

    byte[] read(int ordinal) throws IOException {
        ByteBuffer rows = index();
        int low = 0;
        int high = rows.capacity() / SidecarV1.VERBATIM_INDEX_ENTRY_BYTES - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            int row = 4 + middle * SidecarV1.VERBATIM_INDEX_ENTRY_BYTES;
            int found = rows.getInt(row);
            if (found == ordinal) {
                return batch(ordinal, rows.getLong(row + 4), rows.getInt(row + 12));
            }
            if (found < ordinal) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        throw new CorruptSegmentException(name + ": has no batch " + ordinal + ".");
    }

    private byte[] batch(int ordinal, long position, int length) throws IOException {
        if (position < 0 || length < 0 || position + length > section.storedLength()) {
            throw new CorruptSegmentException(name + ": batch " + ordinal + " lies outside of the section.");
        }
        return source.read(section.position() + position, length);
    }

    private ByteBuffer index() throws IOException {
        ByteBuffer rows = index;
        if (rows == null) {
            int count = section.storedLength() < 4
                    ? -1
                    : ByteBuffer.wrap(source.read(section.position(), 4)).getInt();
            long length = 4 + (long) count * SidecarV1.VERBATIM_INDEX_ENTRY_BYTES;
            if (count < 0 || length > Math.min(section.storedLength(), Integer.MAX_VALUE - 8)) {
                throw new CorruptSegmentException(name + ": an index of " + count + " batches cannot be.");
            }
            byte[] bytes = source.read(section.position(), (int) length);
            if (Compressed.crc32c(bytes) != section.crc32c()) {
                throw new CorruptSegmentException(name + ": checksum of the index does not match.");
            }
            rows = ByteBuffer.wrap(bytes);
            index = rows;
        }
        return rows;
    }
}

package io.weir.tiered.segment;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;

/// Verbatim batches on their way into a sidecar: bytes in a scratch file, the index (16 bytes each) in memory.
final class VerbatimScratch implements AutoCloseable {
    private final Path file;
    private final FileChannel bytes;
    private byte[] index = new byte[1024];
    private int count;
    private long size;

    VerbatimScratch(Path file) throws IOException {
        this.file = file;
        this.bytes = FileChannel.open(
                file,
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.READ,
                StandardOpenOption.WRITE);
    }

    void add(int ordinal, byte[] batch, int length) throws IOException {
        int at = count * SidecarV1.VERBATIM_INDEX_ENTRY_BYTES;
        if (at + SidecarV1.VERBATIM_INDEX_ENTRY_BYTES > index.length) {
            index = Arrays.copyOf(index, index.length * 2);
        }
        // positions become relative to the section when the index's length is known
        ByteBuffer.wrap(index, at, SidecarV1.VERBATIM_INDEX_ENTRY_BYTES)
                .putInt(ordinal)
                .putLong(size)
                .putInt(length);
        ByteBuffer source = ByteBuffer.wrap(batch, 0, length);
        while (source.hasRemaining()) {
            bytes.write(source);
        }
        count++;
        size += length;
    }

    int count() {
        return count;
    }

    void copyTo(SidecarWriter sidecar) throws IOException {
        int indexBytes = 4 + count * SidecarV1.VERBATIM_INDEX_ENTRY_BYTES;
        ByteBuffer rows = ByteBuffer.allocate(indexBytes).putInt(count);
        ByteBuffer source = ByteBuffer.wrap(index);
        for (int i = 0; i < count; i++) {
            rows.putInt(source.getInt()).putLong(indexBytes + source.getLong()).putInt(source.getInt());
        }
        sidecar.verbatimSection(rows.flip(), bytes);
    }

    Path file() {
        return file;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}

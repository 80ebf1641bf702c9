package io.weir.tiered.parquet;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.SeekableInputStream;

/// A Parquet file of which two ranges are in memory: the footer region, read once, and one row group. Parquet's
/// many tiny reads never reach the store; a read elsewhere is an error.
final class RegionInput implements InputFile {
    private final long fileLength;
    private final Region footer;
    private final Region group;

    /// @param position of the first byte in the file
    record Region(long position, ByteBuffer bytes) {
        boolean holds(long from, int length) {
            return from >= position && from + length <= position + bytes.capacity();
        }
    }

    RegionInput(long fileLength, Region footer, Region group) {
        this.fileLength = fileLength;
        this.footer = footer;
        this.group = group;
    }

    @Override
    public long getLength() {
        return fileLength;
    }

    @Override
    public SeekableInputStream newStream() {
        return new Stream();
    }

    private final class Stream extends SeekableInputStream {
        private long position;

        @Override
        public long getPos() {
            return position;
        }

        @Override
        public void seek(long target) {
            position = target;
        }

        @Override
        public void readFully(byte[] target) throws IOException {
            readFully(target, 0, target.length);
        }

        @Override
        public void readFully(byte[] target, int start, int length) throws IOException {
            Region region = region(length);
            region.bytes().get((int) (position - region.position()), target, start, length);
            position += length;
        }

        private Region region(int length) throws EOFException {
            if (group.holds(position, length)) {
                return group;
            }
            if (footer.holds(position, length)) {
                return footer;
            }
            throw new EOFException("No " + length + " bytes at " + position + " of " + fileLength + " are loaded.");
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            readFully(one);
            return one[0] & 0xFF;
        }

        @Override
        public int read(byte[] target, int start, int length) throws IOException {
            if (position >= fileLength) {
                return -1;
            }
            int available = (int) Math.min(length, fileLength - position);
            readFully(target, start, available);
            return available;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
            int length = target.remaining();
            readFully(target);
            return length;
        }

        @Override
        public void readFully(ByteBuffer target) throws IOException {
            int length = target.remaining();
            Region region = region(length);
            target.put(region.bytes().slice((int) (position - region.position()), length));
            position += length;
        }
    }
}

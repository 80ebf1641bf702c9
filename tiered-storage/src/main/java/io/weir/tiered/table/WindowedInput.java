package io.weir.tiered.table;

import io.weir.tiered.store.ObjectStore;
import java.io.EOFException;
import java.io.IOException;
import org.apache.iceberg.io.SeekableInputStream;

/// Reads an object by windows of one MiB, so that the many small reads of Avro and Parquet do not each reach
/// the store. One thread.
final class WindowedInput extends SeekableInputStream {
    private static final int WINDOW_BYTES = 1024 * 1024;

    private final ObjectStore store;
    private final String path;
    private final long length;
    private byte[] window = new byte[0];
    private long windowStart;
    private long position;

    WindowedInput(ObjectStore store, String path, long length) {
        this.store = store;
        this.path = path;
        this.length = length;
    }

    @Override
    public long getPos() {
        return position;
    }

    @Override
    public void seek(long target) throws IOException {
        if (target < 0 || target > length) {
            throw new EOFException(
                    "Object '" + store.describe(path) + "': has " + length + " bytes, no position " + target + ".");
        }
        position = target;
    }

    @Override
    public int read() throws IOException {
        if (position >= length) {
            return -1;
        }
        load();
        return window[(int) (position++ - windowStart)] & 0xFF;
    }

    @Override
    public int read(byte[] target, int start, int count) throws IOException {
        if (count == 0) {
            return 0;
        }
        if (position >= length) {
            return -1;
        }
        load();
        int from = (int) (position - windowStart);
        int read = Math.min(count, window.length - from);
        System.arraycopy(window, from, target, start, read);
        position += read;
        return read;
    }

    private void load() throws IOException {
        if (position >= windowStart && position < windowStart + window.length) {
            return;
        }
        window = store.read(path, position, (int) Math.min(WINDOW_BYTES, length - position));
        windowStart = position;
    }

    @Override
    public long skip(long count) {
        long skipped = Math.max(0, Math.min(count, length - position));
        position += skipped;
        return skipped;
    }

    @Override
    public int available() {
        return (int) Math.min(Integer.MAX_VALUE, length - position);
    }
}

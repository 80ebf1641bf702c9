package io.weir.tiered.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Byte strings of one column, one after the other in a single array; null has length -1. A column of nulls alone
/// takes no memory.
final class ByteColumn {
    private static final int[] NO_ROWS = {};
    private static final byte[] NO_BYTES = {};

    private final int rows;
    private final int expectedBytes;
    private int[] starts = NO_ROWS;
    private int[] lengths = NO_ROWS;
    private byte[] bytes = NO_BYTES;
    private int size;

    ByteColumn(int rows, int expectedBytes) {
        this.rows = rows;
        this.expectedBytes = expectedBytes;
    }

    void set(int row, ByteBuffer value) {
        int length = value.remaining();
        reserve(length);
        value.get(value.position(), bytes, size, length);
        starts[row] = size;
        lengths[row] = length;
        size += length;
    }

    void set(int row, byte[] value, int length) {
        reserve(length);
        System.arraycopy(value, 0, bytes, size, length);
        starts[row] = size;
        lengths[row] = length;
        size += length;
    }

    private void reserve(int more) {
        if (lengths.length == 0) {
            starts = new int[rows];
            lengths = new int[rows];
            Arrays.fill(lengths, -1);
            bytes = new byte[Math.max(16, expectedBytes)];
        }
        long wanted = (long) size + more;
        if (wanted > bytes.length) {
            if (wanted > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException("A row group of more than 2 GiB cannot be decoded.");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(wanted, bytes.length * 2L)));
        }
    }

    byte[] bytes() {
        return bytes;
    }

    int start(int row) {
        return starts.length == 0 ? 0 : starts[row];
    }

    int length(int row) {
        return lengths.length == 0 ? -1 : lengths[row];
    }

    byte @Nullable [] copy(int row) {
        return length(row) < 0 ? null : Arrays.copyOfRange(bytes, starts[row], starts[row] + lengths[row]);
    }

    long sizeBytes() {
        return bytes.length + 8L * starts.length;
    }
}

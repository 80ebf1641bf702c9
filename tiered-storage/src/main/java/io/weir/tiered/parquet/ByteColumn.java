package io.weir.tiered.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Byte strings of one column, one after the other in a single array; null has length -1.
final class ByteColumn {
    private final int[] starts;
    private final int[] lengths;
    private byte[] bytes;
    private int size;

    ByteColumn(int rows, int expectedBytes) {
        this.starts = new int[rows];
        this.lengths = new int[rows];
        this.bytes = new byte[Math.max(16, expectedBytes)];
        Arrays.fill(lengths, -1);
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
        return starts[row];
    }

    int length(int row) {
        return lengths[row];
    }

    byte @Nullable [] copy(int row) {
        return lengths[row] < 0 ? null : Arrays.copyOfRange(bytes, starts[row], starts[row] + lengths[row]);
    }

    long sizeBytes() {
        return bytes.length + 8L * starts.length;
    }
}

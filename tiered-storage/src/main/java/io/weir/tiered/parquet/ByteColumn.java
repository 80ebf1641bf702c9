package io.weir.tiered.parquet;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Byte strings of one column in a single array; null has length -1. Several rows may have the same bytes of it. A
/// column of nulls alone takes no memory.
final class ByteColumn {
    private static final int[] NO_ROWS = {};
    private static final byte[] NO_BYTES = {};
    private static final int LEAST_BYTES = 16;

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

    void set(int row, byte[] value, int length) {
        point(row, append(value, 0, length), length);
    }

    /// Gives a row bytes that have been appended.
    void point(int row, int start, int length) {
        if (lengths.length == 0) {
            starts = new int[rows];
            lengths = new int[rows];
            Arrays.fill(lengths, -1);
        }
        starts[row] = start;
        lengths[row] = length;
    }

    /// @return where they begin
    int append(ByteBuffer value) {
        int length = value.remaining();
        reserve(length);
        value.get(value.position(), bytes, size, length);
        return added(length);
    }

    /// @return where they begin
    int append(byte[] value, int at, int length) {
        reserve(length);
        System.arraycopy(value, at, bytes, size, length);
        return added(length);
    }

    /// Appends bytes that begin as others of this column do.
    ///
    /// @param start of the others
    /// @param prefix bytes of theirs
    /// @return where they begin
    int append(int start, int prefix, byte[] value, int at, int length) {
        reserve(prefix + length);
        System.arraycopy(bytes, start, bytes, size, prefix);
        System.arraycopy(value, at, bytes, size + prefix, length);
        return added(prefix + length);
    }

    private int added(int length) {
        int start = size;
        size += length;
        return start;
    }

    private void reserve(int more) {
        long wanted = (long) size + more;
        if (wanted > Integer.MAX_VALUE - 8) {
            throw new IllegalStateException("A row group of more than 2 GiB cannot be decoded.");
        }
        if (bytes.length == 0) {
            bytes = new byte[Math.max(LEAST_BYTES, Math.max(expectedBytes, (int) wanted))];
        } else if (wanted > bytes.length) {
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(wanted, bytes.length * 2L)));
        }
    }

    /// Whether every row is null.
    boolean isEmpty() {
        return lengths.length == 0;
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

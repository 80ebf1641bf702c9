package io.weir.tiered.shape;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A reused buffer that text is written into. One thread.
public final class TextOut {
    private static final long[] POWERS = new long[19];

    private byte[] bytes = new byte[1024];
    private int size;

    static {
        long power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10;
        }
    }

    /// 10 to the power of `exponent`, which is at most 18.
    static long power(int exponent) {
        return POWERS[exponent];
    }

    public void reset() {
        size = 0;
    }

    /// The text from index 0 to `size`; valid until the next change.
    public byte[] bytes() {
        return bytes;
    }

    public int size() {
        return size;
    }

    void put(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void put(byte[] source, int start, int length) {
        reserve(length);
        System.arraycopy(source, start, bytes, size, length);
        size += length;
    }

    void put(byte[] source) {
        put(source, 0, source.length);
    }

    void put(String ascii) {
        put(ascii.getBytes(StandardCharsets.ISO_8859_1));
    }

    /// A whole number as JSON writes it.
    void putLong(long value) {
        reserve(20);
        long rest = value;
        if (value < 0) {
            bytes[size++] = '-';
            if (value == Long.MIN_VALUE) {
                put("9223372036854775808");
                return;
            }
            rest = -value;
        }
        putDigits(rest, digits(rest));
    }

    /// A number that is not negative, filled with leading zeros.
    void putDigits(long value, int width) {
        reserve(width);
        int at = size + width;
        size = at;
        long rest = value;
        while (rest > Integer.MAX_VALUE) {
            bytes[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
        int small = (int) rest;
        while (at > size - width) {
            int next = small / 10;
            bytes[--at] = (byte) ('0' + (small - next * 10));
            small = next;
        }
    }

    /// An unscaled number that is not negative, with `scale` digits behind the point.
    void putScaled(long unscaled, int scale) {
        if (scale == 0) {
            putDigits(unscaled, digits(unscaled));
            return;
        }
        long power = POWERS[scale];
        long whole = unscaled / power;
        putDigits(whole, digits(whole));
        put('.');
        putDigits(unscaled - whole * power, scale);
    }

    static int digits(long value) {
        int digits = 1;
        while (digits < POWERS.length && value >= POWERS[digits]) {
            digits++;
        }
        return digits;
    }

    /// The buffer with room for `more` bytes from `size` on, to be filled before `grow`.
    byte[] room(int more) {
        reserve(more);
        return bytes;
    }

    /// Counts bytes in that were written into the room.
    void grow(int more) {
        size += more;
    }

    void shrinkTo(int newSize) {
        size = newSize;
    }

    /// Whether the text is just these bytes.
    boolean equalTo(byte[] other, int start, int end) {
        return Arrays.equals(bytes, 0, size, other, start, end);
    }

    private void reserve(int more) {
        if (size + more > bytes.length) {
            long wanted = (long) size + more;
            if (wanted > Integer.MAX_VALUE - 8) {
                throw new IllegalStateException("A value of more than 2 GiB cannot be rebuilt.");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(Integer.MAX_VALUE - 8L, Math.max(wanted, bytes.length * 2L)));
        }
    }
}

package io.weir.tiered.parquet;

import java.util.Arrays;

/// Reads whole numbers in Parquet's hybrid of run lengths and bit packing (format specification, "Run Length Encoding /
/// Bit-Packing Hybrid"), many at a time: Parquet's own reader gives one per call. Values of up to 32 bits. One thread.
final class RunLengths {
    private static final int GROUP = 8;

    private final byte[] bytes;
    private final int end;
    private final int width;
    private final int widthBytes;
    private final int mask;
    private int at;

    /// Values left in the run that is being read.
    private int left;

    private boolean packed;
    private int repeated;
    /// Bits of a packed run that are taken from the bytes and not yet given out.
    private long bits;

    private int bitsHeld;

    /// @param at of the first run
    /// @param end exclusive; what lies behind is not touched
    /// @param width of a value, in bits
    RunLengths(byte[] bytes, int at, int end, int width) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
        this.width = width;
        this.widthBytes = (width + 7) / 8;
        this.mask = width == 32 ? -1 : (1 << width) - 1;
    }

    /// Reads `count` values into `target` from `from` on.
    void read(int[] target, int from, int count) {
        int next = from;
        int missing = count;
        while (missing > 0) {
            if (left == 0) {
                nextRun();
            }
            int now = Math.min(left, missing);
            if (packed) {
                unpack(target, next, now);
            } else {
                Arrays.fill(target, next, next + now, repeated);
            }
            next += now;
            missing -= now;
            left -= now;
        }
    }

    /// The same for values of at most 8 bits.
    void read(byte[] target, int from, int count) {
        int next = from;
        int missing = count;
        while (missing > 0) {
            if (left == 0) {
                nextRun();
            }
            int now = Math.min(left, missing);
            if (packed) {
                for (int i = 0; i < now; i++) {
                    target[next + i] = (byte) unpacked();
                }
            } else {
                Arrays.fill(target, next, next + now, (byte) repeated);
            }
            next += now;
            missing -= now;
            left -= now;
        }
    }

    private void nextRun() {
        if (width == 0) {
            // nothing needs to be stored for values that have no bits
            packed = false;
            repeated = 0;
            left = Integer.MAX_VALUE;
            return;
        }
        int header = 0;
        int shift = 0;
        int read;
        do {
            read = next();
            header |= (read & 0x7F) << shift;
            shift += 7;
        } while ((read & 0x80) != 0);
        packed = (header & 1) != 0;
        if (packed) {
            left = (header >>> 1) * GROUP;
            bits = 0;
            bitsHeld = 0;
        } else {
            left = header >>> 1;
            repeated = 0;
            for (int i = 0; i < widthBytes; i++) {
                repeated |= next() << (8 * i);
            }
        }
    }

    private int next() {
        if (at >= end) {
            throw new IllegalStateException("Runs end before the values do.");
        }
        return bytes[at++] & 0xFF;
    }

    private void unpack(int[] target, int from, int count) {
        for (int i = from; i < from + count; i++) {
            target[i] = unpacked();
        }
    }

    /// The last group of a page may be cut short: what is missing belongs to no value.
    private int unpacked() {
        while (bitsHeld < width) {
            bits |= (at < end ? bytes[at] & 0xFFL : 0L) << bitsHeld;
            at++;
            bitsHeld += 8;
        }
        int value = (int) bits & mask;
        bits >>>= width;
        bitsHeld -= width;
        return value;
    }
}

package io.weir.tiered.segment;

/// Sizes and writing of the zig-zag variable-length integers of Kafka's record format (magic 2).
final class Varint {
    private Varint() {}

    static int sizeOf(int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        return (38 - Integer.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    static int sizeOf(long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        return (70 - Long.numberOfLeadingZeros(zigzag | 1)) / 7;
    }

    /// Writes `value` at `position` and returns the position after it.
    static int write(byte[] target, int position, int value) {
        int zigzag = (value << 1) ^ (value >> 31);
        int at = position;
        while ((zigzag & ~0x7F) != 0) {
            target[at++] = (byte) ((zigzag & 0x7F) | 0x80);
            zigzag >>>= 7;
        }
        target[at++] = (byte) zigzag;
        return at;
    }

    /// Writes `value` at `position` and returns the position after it.
    static int write(byte[] target, int position, long value) {
        long zigzag = (value << 1) ^ (value >> 63);
        int at = position;
        while ((zigzag & ~0x7FL) != 0) {
            target[at++] = (byte) ((zigzag & 0x7F) | 0x80);
            zigzag >>>= 7;
        }
        target[at++] = (byte) zigzag;
        return at;
    }
}

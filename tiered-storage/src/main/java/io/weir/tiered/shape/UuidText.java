package io.weir.tiered.shape;

/// Reads and writes UUIDs in lower-case hex, 8-4-4-4-12.
final class UuidText {
    static final int LENGTH = 36;
    static final int BYTES = 16;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    private UuidText() {}

    /// Reads the UUID that begins at `at` into 16 bytes of `target`.
    static boolean parse(byte[] text, int at, int limit, byte[] target, int targetStart) {
        if (limit - at < LENGTH) {
            return false;
        }
        int from = at;
        for (int i = 0; i < BYTES; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                if (text[from++] != '-') {
                    return false;
                }
            }
            int high = digit(text[from++]);
            int low = digit(text[from++]);
            if ((high | low) < 0) {
                return false;
            }
            target[targetStart + i] = (byte) ((high << 4) | low);
        }
        return true;
    }

    private static int digit(byte c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    }

    static void write(byte[] bytes, int start, TextOut out) {
        for (int i = 0; i < BYTES; i++) {
            if (i == 4 || i == 6 || i == 8 || i == 10) {
                out.put('-');
            }
            out.put(HEX[(bytes[start + i] >> 4) & 15]);
            out.put(HEX[bytes[start + i] & 15]);
        }
    }
}

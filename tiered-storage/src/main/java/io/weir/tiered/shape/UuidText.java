package io.weir.tiered.shape;

import java.util.Arrays;

/// Reads and writes UUIDs in lower-case hex, 8-4-4-4-12. Digits of random ids cannot be predicted, so there is no
/// branch on them.
final class UuidText {
    static final int LENGTH = 36;
    static final int BYTES = 16;

    private static final byte[] HEX = {'0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'};

    /// Value of each character; -1 for what is no digit.
    private static final byte[] DIGITS = new byte[256];

    /// Where the two digits of each byte begin.
    private static final int[] PLACES = {0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34};

    static {
        Arrays.fill(DIGITS, (byte) -1);
        for (int digit = 0; digit < HEX.length; digit++) {
            DIGITS[HEX[digit]] = (byte) digit;
        }
    }

    private UuidText() {}

    /// Reads the UUID that begins at `at` into 16 bytes of `target`.
    static boolean parse(byte[] text, int at, int limit, byte[] target, int targetStart) {
        if (limit - at < LENGTH
                || text[at + 8] != '-'
                || text[at + 13] != '-'
                || text[at + 18] != '-'
                || text[at + 23] != '-') {
            return false;
        }
        int all = 0;
        for (int i = 0; i < BYTES; i++) {
            int from = at + PLACES[i];
            // below 0 when one of the two is no digit
            int value = DIGITS[text[from] & 0xFF] << 4 | DIGITS[text[from + 1] & 0xFF];
            all |= value;
            target[targetStart + i] = (byte) value;
        }
        return all >= 0;
    }

    static void write(byte[] bytes, int start, TextOut out) {
        int at = out.size();
        byte[] text = out.room(LENGTH);
        for (int i = 0; i < BYTES; i++) {
            int to = at + PLACES[i];
            text[to] = HEX[(bytes[start + i] >> 4) & 15];
            text[to + 1] = HEX[bytes[start + i] & 15];
        }
        text[at + 8] = '-';
        text[at + 13] = '-';
        text[at + 18] = '-';
        text[at + 23] = '-';
        out.grow(LENGTH);
    }
}

package io.weir.tiered.segment;

/// Whether bytes are well-formed UTF-8 (RFC 3629): what a Parquet STRING column may hold. Allocates nothing.
public final class Utf8 {
    private Utf8() {}

    public static boolean isValid(byte[] bytes, int start, int length) {
        int at = start;
        int end = start + length;
        while (at < end) {
            byte first = bytes[at];
            if (first >= 0) {
                at++;
                continue;
            }
            int width = width(first);
            if (width == 0 || end - at < width || !continues(bytes, at, width)) {
                return false;
            }
            at += width;
        }
        return true;
    }

    private static int width(byte first) {
        int value = first & 0xFF;
        if (value >= 0xC2 && value <= 0xDF) {
            return 2;
        }
        if (value >= 0xE0 && value <= 0xEF) {
            return 3;
        }
        return value >= 0xF0 && value <= 0xF4 ? 4 : 0;
    }

    private static boolean continues(byte[] bytes, int at, int width) {
        for (int i = 1; i < width; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return false;
            }
        }
        int second = bytes[at + 1] & 0xFF;
        return switch (bytes[at] & 0xFF) {
            case 0xE0 -> second >= 0xA0; // no overlong three-byte forms
            case 0xED -> second <= 0x9F; // no surrogates
            case 0xF0 -> second >= 0x90; // no overlong four-byte forms
            case 0xF4 -> second <= 0x8F; // nothing above U+10FFFF
            default -> true;
        };
    }
}

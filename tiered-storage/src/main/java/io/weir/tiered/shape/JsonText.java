package io.weir.tiered.shape;

import io.weir.tiered.segment.Utf8;

/// Finds the end of a JSON value that every reader of JSON agrees on (RFC 8259): numbers in their grammar, escapes
/// that exist, surrogates in pairs, UTF-8.
final class JsonText {
    private static final int NONE = JsonScan.NONE;
    private static final int HIGH = 0xD800;
    private static final int LOW = 0xDC00;

    private JsonText() {}

    /// Index behind the value that begins at `start`; negative when there is none.
    static int end(byte[] text, int start, int limit) {
        int end = JsonScan.value(text, start, limit, ShapeLimits.DEFAULT.depth());
        return end >= 0 && Utf8.isValid(text, start, end - start) && isStrict(text, start, end) ? end : NONE;
    }

    /// The structure has been scanned; left are the insides of strings and numbers.
    private static boolean isStrict(byte[] text, int start, int end) {
        int at = start;
        while (at < end) {
            byte c = text[at];
            if (c == '"') {
                int stringEnd = JsonScan.string(text, at, end);
                if (!escapesExist(text, at + 1, stringEnd - 1)) {
                    return false;
                }
                at = stringEnd;
            } else if (c == 't' || c == 'f' || c == 'n') {
                at = JsonScan.word(text, at, end);
            } else {
                int numberEnd = DoubleText.end(text, at, end);
                if (numberEnd > at && !isNumber(text, at, numberEnd)) {
                    return false;
                }
                at = Math.max(at + 1, numberEnd);
            }
        }
        return true;
    }

    private static boolean escapesExist(byte[] text, int start, int end) {
        int at = start;
        while (at < end) {
            int length = text[at] == '\\' ? escape(text, at, end) : 1;
            if (length < 0) {
                return false;
            }
            at += length;
        }
        return true;
    }

    /// Length of the escape at `at`, both halves of a pair; negative when there is no such escape.
    private static int escape(byte[] text, int at, int end) {
        if (text[at + 1] != 'u') {
            return "\"\\/bfnrt".indexOf(text[at + 1]) < 0 ? NONE : 2;
        }
        int unit = unit(text, at + 2, end);
        if (unit < 0 || (unit & 0xFC00) == LOW) {
            return NONE;
        }
        if ((unit & 0xFC00) != HIGH) {
            return 6;
        }
        boolean paired = at + 7 < end
                && text[at + 6] == '\\'
                && text[at + 7] == 'u'
                && (unit(text, at + 8, end) & 0xFC00) == LOW;
        return paired ? 12 : NONE;
    }

    private static int unit(byte[] text, int at, int end) {
        if (end - at < 4) {
            return NONE;
        }
        int unit = 0;
        for (int i = at; i < at + 4; i++) {
            int digit = Character.digit(text[i], 16);
            if (digit < 0) {
                return NONE;
            }
            unit = unit * 16 + digit;
        }
        return unit;
    }

    private static boolean isNumber(byte[] text, int start, int end) {
        int at = text[start] == '-' ? start + 1 : start;
        int whole = digits(text, at, end);
        boolean leadingZero = whole > 1 && text[at] == '0';
        if (whole == 0 || leadingZero) {
            return false;
        }
        at += whole;
        if (at < end && text[at] == '.') {
            int fraction = digits(text, at + 1, end);
            if (fraction == 0) {
                return false;
            }
            at += 1 + fraction;
        }
        if (at < end && (text[at] == 'e' || text[at] == 'E')) {
            at++;
            at += at < end && (text[at] == '+' || text[at] == '-') ? 1 : 0;
            int exponent = digits(text, at, end);
            if (exponent == 0) {
                return false;
            }
            at += exponent;
        }
        return at == end;
    }

    private static int digits(byte[] text, int start, int end) {
        int at = start;
        while (at < end && text[at] >= '0' && text[at] <= '9') {
            at++;
        }
        return at - start;
    }
}

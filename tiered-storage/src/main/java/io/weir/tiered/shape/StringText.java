package io.weir.tiered.shape;

/// Reads and writes what stands between the quotes of a JSON string.
final class StringText {
    private StringText() {}

    /// Writes UTF-8 text with the escapes of a style, in quotes.
    static void writeQuoted(byte[] text, int start, int length, EscapeStyle style, TextOut out) {
        byte[] escapes = style.escapes;
        byte[] target = out.room(length + 2);
        int at = out.size();
        target[at++] = '"';
        for (int i = start; i < start + length; i++) {
            byte c = text[i];
            if (c < 0 || escapes[c] != 0) {
                out.put('"');
                write(text, start, length, style, out);
                out.put('"');
                return;
            }
            target[at++] = c;
        }
        target[at] = '"';
        out.grow(length + 2);
    }

    /// Writes UTF-8 text with the escapes of a style, without quotes.
    static void write(byte[] text, int start, int length, EscapeStyle style, TextOut out) {
        int end = start + length;
        int copied = start;
        byte[] escapes = style.escapes;
        for (int at = start; at < end; ) {
            byte c = text[at];
            if (c >= 0) {
                byte escape = escapes[c];
                if (escape != 0) {
                    out.put(text, copied, at - copied);
                    escape(c, escape, style, out);
                    copied = at + 1;
                }
                at++;
                continue;
            }
            int width = width(c);
            if (style.ascii || (style.lines && isLineSeparator(text, at, end))) {
                out.put(text, copied, at - copied);
                units(codePoint(text, at, width), style, out);
                copied = at + width;
            }
            at += width;
        }
        out.put(text, copied, end - copied);
    }

    private static boolean isLineSeparator(byte[] text, int at, int end) {
        return end - at >= 3 && text[at] == (byte) 0xE2 && text[at + 1] == (byte) 0x80 && (text[at + 2] & 0xFE) == 0xA8;
    }

    private static void escape(int c, byte escape, EscapeStyle style, TextOut out) {
        if (escape == 'u') {
            unit(c, style, out);
        } else {
            out.put('\\');
            out.put(escape);
        }
    }

    private static void units(int codePoint, EscapeStyle style, TextOut out) {
        if (codePoint < 0x10000) {
            unit(codePoint, style, out);
        } else {
            unit(Character.highSurrogate(codePoint), style, out);
            unit(Character.lowSurrogate(codePoint), style, out);
        }
    }

    private static void unit(int unit, EscapeStyle style, TextOut out) {
        out.put('\\');
        out.put('u');
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.put(style.hex[(unit >> shift) & 15]);
        }
    }

    /// Bytes of the character that begins with `first`, in well-formed UTF-8.
    private static int width(byte first) {
        return (first & 0xE0) == 0xC0 ? 2 : (first & 0xF0) == 0xE0 ? 3 : 4;
    }

    private static int codePoint(byte[] text, int at, int width) {
        int point = text[at] & (0xFF >> (width + 1));
        for (int i = 1; i < width; i++) {
            point = (point << 6) | (text[at + i] & 0x3F);
        }
        return point;
    }

    /// Resolves the escapes of `text[start, end)`, which has no bare quote.
    ///
    /// @return false when an escape cannot be resolved or gives half of a surrogate pair
    static boolean unescape(byte[] text, int start, int end, TextOut out) {
        int at = start;
        while (at < end) {
            byte c = text[at];
            if (c != '\\') {
                out.put(c);
                at++;
            } else if (end - at < 2) {
                return false;
            } else if (text[at + 1] != 'u') {
                int resolved = resolved(text[at + 1]);
                if (resolved < 0) {
                    return false;
                }
                out.put(resolved);
                at += 2;
            } else {
                int unit = unit(text, at, end);
                at += 6;
                if (unit >= 0xD800 && unit <= 0xDBFF) {
                    int low = unit(text, at, end);
                    if (low < 0xDC00 || low > 0xDFFF) {
                        return false;
                    }
                    unit = Character.toCodePoint((char) unit, (char) low);
                    at += 6;
                } else if (unit < 0 || (unit >= 0xDC00 && unit <= 0xDFFF)) {
                    return false;
                }
                utf8(unit, out);
            }
        }
        return true;
    }

    private static int resolved(byte letter) {
        return switch (letter) {
            case '"', '\\', '/' -> letter;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            default -> -1;
        };
    }

    private static int unit(byte[] text, int at, int end) {
        if (end - at < 6 || text[at] != '\\' || text[at + 1] != 'u') {
            return -1;
        }
        int unit = 0;
        for (int i = 2; i < 6; i++) {
            int digit = Character.digit(text[at + i], 16);
            if (digit < 0) {
                return -1;
            }
            unit = (unit << 4) | digit;
        }
        return unit;
    }

    private static void utf8(int point, TextOut out) {
        if (point < 0x80) {
            out.put(point);
        } else if (point < 0x800) {
            out.put(0xC0 | (point >> 6));
            out.put(0x80 | (point & 0x3F));
        } else if (point < 0x10000) {
            out.put(0xE0 | (point >> 12));
            out.put(0x80 | ((point >> 6) & 0x3F));
            out.put(0x80 | (point & 0x3F));
        } else {
            out.put(0xF0 | (point >> 18));
            out.put(0x80 | ((point >> 12) & 0x3F));
            out.put(0x80 | ((point >> 6) & 0x3F));
            out.put(0x80 | (point & 0x3F));
        }
    }
}

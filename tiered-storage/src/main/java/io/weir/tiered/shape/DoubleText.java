package io.weir.tiered.shape;

import java.nio.charset.StandardCharsets;

/// Reads and writes floating-point numbers. Numbers of at most 15 digits, nearly all there are, go without
/// allocation: such a decimal is the shortest one of its double, because no two of them share a double.
final class DoubleText {
    private static final long EXACT = 1L << 53;
    private static final int MOST_DIGITS = 15;
    private static final long LEAST_16_DIGITS = 1_000_000_000_000_000L;
    private static final double[] POWERS = new double[23];

    static {
        double power = 1;
        for (int i = 0; i < POWERS.length; i++) {
            POWERS[i] = power;
            power *= 10; // exact up to 10^22
        }
    }

    private DoubleText() {}

    /// End of the number's characters.
    static int end(byte[] text, int start, int limit) {
        int at = start;
        while (at < limit && isPart(text[at])) {
            at++;
        }
        return at;
    }

    private static boolean isPart(byte c) {
        return (c >= '0' && c <= '9') || c == '.' || c == '-' || c == '+' || c == 'e' || c == 'E';
    }

    /// The number in `text[start, end)`; NaN when it is none. That it is spelled as JSON wants is for the proof to
    /// find.
    static double parse(byte[] text, int start, int end) {
        int at = start;
        boolean negative = at < end && text[at] == '-';
        if (negative) {
            at++;
        }
        long digits = 0;
        int count = 0;
        int scale = -1;
        for (; at < end; at++) {
            byte c = text[at];
            if (c >= '0' && c <= '9') {
                digits = digits * 10 + (c - '0');
                count += digits == 0 ? 0 : 1;
                scale += scale < 0 ? 0 : 1;
            } else if (c == '.' && scale < 0) {
                scale = 0;
            } else {
                return slow(text, start, end);
            }
            if (count > MOST_DIGITS || scale >= POWERS.length) {
                return slow(text, start, end);
            }
        }
        double value = scale > 0 ? digits / POWERS[scale] : digits;
        return negative ? -value : value;
    }

    private static double slow(byte[] text, int start, int end) {
        if (end - start > 40) {
            return Double.NaN;
        }
        try {
            return Double.parseDouble(new String(text, start, end - start, StandardCharsets.ISO_8859_1));
        } catch (NumberFormatException e) {
            return Double.NaN;
        }
    }

    /// @param style the number of a [DoubleStyle], or [DoubleStyle#FIXED] + digits
    static void write(double value, int style, TextOut out) {
        if (style >= DoubleStyle.FIXED) {
            fixed(value, style - DoubleStyle.FIXED, out);
        } else {
            shortest(value, DoubleStyle.of(style), out);
        }
    }

    private static void fixed(double value, int scale, TextOut out) {
        double size = Math.abs(value);
        double scaled = size * POWERS[scale];
        long unscaled = scaled < EXACT ? Math.round(scaled) : 0;
        // `-0` is not given back, so it stays raw: JSON readers that see an integer in it lose the sign
        if (Double.doubleToRawLongBits(value) < 0 && (scale > 0 || unscaled > 0)) {
            out.put('-');
        }
        out.putScaled(unscaled, scale);
    }

    private static void shortest(double value, DoubleStyle style, TextOut out) {
        double size = Math.abs(value);
        if (size < 1e7 && size >= 1e-3) {
            for (int scale = 0; scale <= MOST_DIGITS + 3; scale++) {
                long unscaled = (long) (size * POWERS[scale] + 0.5);
                if (unscaled >= LEAST_16_DIGITS) {
                    break;
                }
                if (unscaled / POWERS[scale] == size) {
                    if (value < 0) {
                        out.put('-');
                    }
                    out.putScaled(unscaled, scale);
                    if (scale == 0 && style != DoubleStyle.JAVASCRIPT) {
                        out.put('.');
                        out.put('0');
                    }
                    return;
                }
            }
        }
        if (style == DoubleStyle.JAVA) {
            out.put(Double.toString(value));
        } else {
            fromDigits(value, style, out);
        }
    }

    private static void fromDigits(double value, DoubleStyle style, TextOut out) {
        boolean script = style == DoubleStyle.JAVASCRIPT;
        if (value == 0) {
            out.put(script ? "0" : Double.toString(value));
            return;
        }
        if (value < 0) {
            out.put('-');
        }
        String text = Double.toString(Math.abs(value));
        int e = text.indexOf('E');
        String mantissa = e < 0 ? text : text.substring(0, e);
        int exponent = e < 0 ? 0 : Integer.parseInt(text.substring(e + 1));
        int point = mantissa.indexOf('.');
        String digits = mantissa.substring(0, point) + mantissa.substring(point + 1);
        point += exponent;
        int first = 0;
        while (digits.charAt(first) == '0') {
            first++;
        }
        int last = digits.length();
        while (digits.charAt(last - 1) == '0') {
            last--;
        }
        place(digits.substring(first, last), point - first, script, out);
    }

    /// @param point where the decimal point stands, counted from the first digit
    private static void place(String digits, int point, boolean script, TextOut out) {
        boolean plain = script ? point > -6 && point <= 21 : point > -4 && point <= 16;
        if (!plain) {
            int exponent = point - 1;
            out.put(digits.charAt(0));
            if (digits.length() > 1) {
                out.put('.');
                out.put(digits.substring(1));
            }
            out.put(exponent < 0 ? "e-" : "e+");
            int size = Math.abs(exponent);
            out.putDigits(size, Math.max(script ? 1 : 2, TextOut.digits(size)));
        } else if (point <= 0) {
            out.put("0." + "0".repeat(-point) + digits);
        } else if (point >= digits.length()) {
            out.put(digits + "0".repeat(point - digits.length()) + (script ? "" : ".0"));
        } else {
            out.put(digits.substring(0, point) + "." + digits.substring(point));
        }
    }
}

package io.weir.tiered.shape;

/// How a program writes a 64-bit floating-point number: always the shortest digits that read back as the same
/// number, but in different clothes.
enum DoubleStyle {
    /// ECMAScript's `Number.toString`: `3`, `1e+21`, `1e-7`.
    JAVASCRIPT,
    /// `Double.toString` since JDK 19: `3.0`, `1.0E7`.
    JAVA,
    /// Python's `repr`: `3.0`, `1e+16`, `1e-05`.
    PYTHON;

    /// Styles from here on in a shape: a fixed count of fraction digits, `FIXED + digits`.
    static final int FIXED = 16;

    static final int MOST_FIXED_DIGITS = 17;

    private static final DoubleStyle[] ALL = values();

    static int count() {
        return ALL.length;
    }

    static DoubleStyle of(int code) {
        return ALL[code];
    }

    static boolean isKnown(int code) {
        return (code >= 0 && code < ALL.length) || (code >= FIXED && code <= FIXED + MOST_FIXED_DIGITS);
    }
}

package io.weir.tiered.shape;

/// A canonical spelling of an instant, inside of its quotes.
enum InstantStyle {
    /// `2001-01-01`: midnight, UTC.
    DATE(10, 0, false),
    /// `2001-01-01T00:01:00`
    SECONDS(19, 0, false),
    MILLIS(23, 3, false),
    MICROS(26, 6, false),
    /// `2001-01-01T00:01:00Z`
    SECONDS_Z(20, 0, true),
    MILLIS_Z(24, 3, true),
    MICROS_Z(27, 6, true);

    /// Number of the style that most programs write.
    static final int USUAL = 4;

    private static final InstantStyle[] ALL = values();

    final int length;
    final int digits;
    final boolean zone;

    InstantStyle(int length, int digits, boolean zone) {
        this.length = length;
        this.digits = digits;
        this.zone = zone;
    }

    static InstantStyle of(int code) {
        return ALL[code];
    }

    static int count() {
        return ALL.length;
    }
}

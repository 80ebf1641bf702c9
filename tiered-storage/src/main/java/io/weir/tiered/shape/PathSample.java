package io.weir.tiered.shape;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What was seen at one path of the sampled values. One thread.
final class PathSample {
    private static final int MOST_DIGITS = 18;

    long whole;
    long fractions;
    private int leastScale = Integer.MAX_VALUE;
    private int greatestScale;
    private boolean trailingZero;
    private boolean long19;
    long truths;
    long strings;
    private long uuids;
    private long instants;
    long objects;
    long arrays;
    long binaries;
    final Map<String, PathSample> fields = new LinkedHashMap<>();

    @Nullable
    PathSample element;

    /// A path with more keys than this, most of them rare, is a map whose keys are data: no columns for it.
    private static final int MANY_FIELDS = 64;

    private static final int RARE = 20;

    void number(byte[] text, int at, int end) {
        int point = -1;
        int digits = 0;
        for (int i = at; i < end; i++) {
            byte c = text[i];
            if (c == '.') {
                point = i;
            } else if (c == 'e' || c == 'E') {
                fractions++;
                leastScale = 0;
                greatestScale = Integer.MAX_VALUE;
                return;
            } else {
                digits += c >= '0' && c <= '9' ? 1 : 0;
            }
        }
        long19 |= digits > MOST_DIGITS;
        if (point < 0) {
            whole++;
            return;
        }
        fractions++;
        leastScale = Math.min(leastScale, end - point - 1);
        greatestScale = Math.max(greatestScale, end - point - 1);
        trailingZero |= text[end - 1] == '0';
    }

    void string(byte[] text, int at, int end) {
        strings++;
        int from = at + 1;
        int last = end - 1;
        if (UuidText.parse(text, from, last, new byte[UuidText.BYTES], 0) && last - from == UuidText.LENGTH) {
            uuids++;
        } else if (isInstant(text, from, last)) {
            instants++;
        }
    }

    private static boolean isInstant(byte[] text, int from, int last) {
        TextOut shown = new TextOut();
        for (int i = 0; i < InstantStyle.count(); i++) {
            InstantStyle style = InstantStyle.of(i);
            if (style.length == last - from) {
                long micros = InstantText.parse(text, from, last, style);
                if (micros != InstantText.NONE) {
                    shown.reset();
                    InstantText.write(micros, style, shown);
                    if (shown.equalTo(text, from, last)) {
                        return true;
                    }
                }
            }
        }
        return false;
    }

    /// A value of a schema that says what it is.
    void instant() {
        strings++;
        instants++;
    }

    /// A string of a schema, whatever it looks like.
    void plainString() {
        strings++;
    }

    /// A floating-point number of a schema.
    void floatingPoint() {
        fractions++;
        leastScale = 0;
        greatestScale = Integer.MAX_VALUE;
    }

    /// Every string so far was a UUID.
    boolean onlyUuids() {
        return uuids == strings;
    }

    boolean onlyInstants() {
        return instants == strings;
    }

    /// One count of digits behind the point, kept even where the last digit is zero: what money looks like. Numbers
    /// in their shortest form look otherwise.
    boolean isFixedScale() {
        return whole == 0 && fractions > 0 && leastScale == greatestScale && trailingZero && !long19;
    }

    boolean fitsScale(int scale) {
        return greatestScale <= scale && !long19;
    }

    int scale() {
        return greatestScale;
    }

    boolean isMap() {
        if (fields.size() <= MANY_FIELDS) {
            return false;
        }
        long present = fields.values().stream().mapToLong(PathSample::seen).sum();
        return present * RARE < objects * fields.size();
    }

    /// How often there was a value, null aside.
    long seen() {
        return whole + fractions + truths + strings + objects + arrays + binaries;
    }
}

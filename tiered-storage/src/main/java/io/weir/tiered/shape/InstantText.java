package io.weir.tiered.shape;

/// Reads and writes instants of the years 0 to 9999 as microseconds, in one [InstantStyle].
final class InstantText {
    /// No instant: outside of the years that four digits can write.
    static final long NONE = Long.MIN_VALUE;

    private static final long MICROS = 1_000_000;
    private static final long SECONDS_A_DAY = 86_400;
    private static final long LEAST = -62_167_219_200L * MICROS;
    private static final long BEYOND = 253_402_300_800L * MICROS;
    private static final int DAYS_TO_1970_FROM_MARCH_0000 = 719_468;
    private static final int DAYS_IN_400_YEARS = 146_097;

    private InstantText() {}

    /// The instant that begins at `at`; [#NONE] when there is none in this style. A day that does not exist
    /// (30 February) reads as another one, which the proof finds.
    static long parse(byte[] text, int at, int limit, InstantStyle style) {
        if (limit - at < style.length || text[at + 4] != '-' || text[at + 7] != '-') {
            return NONE;
        }
        int month = two(text, at + 5);
        int day = two(text, at + 8);
        int high = two(text, at);
        int low = two(text, at + 2);
        if ((high | low | month | day) < 0 || month < 1 || month > 12) {
            return NONE;
        }
        long seconds = days(high * 100 + low, month, day) * SECONDS_A_DAY;
        if (style == InstantStyle.DATE) {
            return seconds * MICROS;
        }
        return timeOfDay(text, at, style, seconds);
    }

    private static long timeOfDay(byte[] text, int at, InstantStyle style, long midnight) {
        if (text[at + 10] != 'T' || text[at + 13] != ':' || text[at + 16] != ':') {
            return NONE;
        }
        int hour = two(text, at + 11);
        int minute = two(text, at + 14);
        int second = two(text, at + 17);
        if ((hour | minute | second) < 0 || (style.zone && text[at + style.length - 1] != 'Z')) {
            return NONE;
        }
        long micros = 0;
        if (style.digits > 0) {
            if (text[at + 19] != '.') {
                return NONE;
            }
            for (int i = 0; i < style.digits; i++) {
                int digit = text[at + 20 + i] - '0';
                if (digit < 0 || digit > 9) {
                    return NONE;
                }
                micros = micros * 10 + digit;
            }
            micros *= style.digits == 3 ? 1000 : 1;
        }
        return (midnight + hour * 3600L + minute * 60L + second) * MICROS + micros;
    }

    private static int two(byte[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    /// Days since 1970-01-01 in the proleptic Gregorian calendar; years begin in March, so that the leap day ends
    /// them.
    private static long days(int year, int month, int day) {
        int shifted = month <= 2 ? year - 1 : year;
        int era = Math.floorDiv(shifted, 400);
        int yearOfEra = shifted - era * 400;
        int dayOfYear = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        int dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return (long) era * DAYS_IN_400_YEARS + dayOfEra - DAYS_TO_1970_FROM_MARCH_0000;
    }

    /// Writes nothing for what four digits of year cannot say.
    static void write(long micros, InstantStyle style, TextOut out) {
        if (micros < LEAST || micros >= BEYOND) {
            return;
        }
        long seconds = Math.floorDiv(micros, MICROS);
        int fraction = (int) (micros - seconds * MICROS);
        int day = (int) Math.floorDiv(seconds, SECONDS_A_DAY);
        int second = (int) (seconds - day * SECONDS_A_DAY);
        byte[] target = out.room(style.length);
        int at = out.size();
        date(day, target, at);
        if (style != InstantStyle.DATE) {
            int minute = second / 60;
            target[at + 10] = 'T';
            two(minute / 60, target, at + 11);
            target[at + 13] = ':';
            two(minute % 60, target, at + 14);
            target[at + 16] = ':';
            two(second - minute * 60, target, at + 17);
            if (style.digits > 0) {
                target[at + 19] = '.';
                digits(style.digits == 3 ? fraction / 1000 : fraction, target, at + 20, style.digits);
            }
            if (style.zone) {
                target[at + style.length - 1] = 'Z';
            }
        }
        out.grow(style.length);
    }

    private static void two(int value, byte[] target, int at) {
        int tens = value / 10;
        target[at] = (byte) ('0' + tens);
        target[at + 1] = (byte) ('0' + value - tens * 10);
    }

    private static void digits(int value, byte[] target, int start, int count) {
        int rest = value;
        for (int at = start + count - 1; at >= start; at--) {
            target[at] = (byte) ('0' + rest % 10);
            rest /= 10;
        }
    }

    private static void date(int day, byte[] target, int at) {
        int shifted = day + DAYS_TO_1970_FROM_MARCH_0000;
        int era = Math.floorDiv(shifted, DAYS_IN_400_YEARS);
        int dayOfEra = shifted - era * DAYS_IN_400_YEARS;
        int yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365;
        int dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100);
        int shiftedMonth = (5 * dayOfYear + 2) / 153;
        int dayOfMonth = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1;
        int month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9;
        int year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
        two(year / 100, target, at);
        two(year % 100, target, at + 2);
        target[at + 4] = '-';
        two(month, target, at + 5);
        target[at + 7] = '-';
        two(dayOfMonth, target, at + 8);
    }
}

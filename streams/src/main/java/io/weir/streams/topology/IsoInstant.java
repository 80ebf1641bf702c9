package io.weir.streams.topology;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/// Reads ISO-8601 instants; several times faster than the formatter of the platform on the usual forms
/// `2001-01-01T00:01:00Z` and `2001-01-01T00:01:00.250Z`, which every record of a stream may carry.
final class IsoInstant {
    private static final String PATTERN = "dddd-dd-ddTdd:dd:dd";
    private static final int SECONDS_LENGTH = PATTERN.length();
    private static final int MOST_DIGITS = 9;

    private IsoInstant() {}

    /// @throws java.time.DateTimeException when the text is no instant
    static Instant parse(String text) {
        if (isPlain(text)) {
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            int second = number(text, 17, 19);
            if (hour < 24 && minute < 60 && second < 60) {
                long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                        .toEpochDay();
                return Instant.ofEpochSecond(day * 86_400 + hour * 3_600L + minute * 60L + second, nanos(text));
            }
        }
        return text.endsWith("Z")
                ? Instant.parse(text)
                : OffsetDateTime.parse(text).toInstant();
    }

    /// Whether it has seconds, then a `Z`, or one to nine digits of a fraction and a `Z`.
    private static boolean isPlain(String text) {
        int end = text.length() - 1;
        boolean fraction = end > SECONDS_LENGTH + 1 && end <= SECONDS_LENGTH + 1 + MOST_DIGITS;
        if ((end != SECONDS_LENGTH && !fraction) || text.charAt(end) != 'Z') {
            return false;
        }
        for (int i = 0; i < SECONDS_LENGTH; i++) {
            char expected = PATTERN.charAt(i);
            char found = text.charAt(i);
            boolean fits = expected == 'd' ? isDigit(found) : found == expected;
            if (!fits) {
                return false;
            }
        }
        for (int i = SECONDS_LENGTH + 1; i < end; i++) {
            if (!isDigit(text.charAt(i))) {
                return false;
            }
        }
        return !fraction || text.charAt(SECONDS_LENGTH) == '.';
    }

    private static boolean isDigit(char found) {
        return found >= '0' && found <= '9';
    }

    private static int nanos(String text) {
        int digits = text.length() - 1 - SECONDS_LENGTH - 1;
        if (digits < 1) {
            return 0;
        }
        int nanos = number(text, SECONDS_LENGTH + 1, text.length() - 1);
        for (int i = digits; i < MOST_DIGITS; i++) {
            nanos *= 10;
        }
        return nanos;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}

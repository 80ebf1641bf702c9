package io.weir.connect.library.file;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import org.jspecify.annotations.Nullable;

/// Reads the time of a record from its text: an ISO 8601 instant or a whole number of milliseconds. Remembers
/// the last text, because neighbours in a file often share their time. Called by one thread.
final class RecordTime {
    private static final long DAY_MILLIS = 86_400_000L;

    private final String field;
    private @Nullable String lastText;
    private Long lastMillis = 0L;

    RecordTime(String field) {
        this.field = field;
    }

    /// Milliseconds since 1970, `>= 0`. The same object is returned for equal neighbours.
    Long millis(String text) throws BadLine {
        if (!text.equals(lastText)) {
            lastMillis = checked(parse(text));
            lastText = text;
        }
        return lastMillis;
    }

    Long millis(long millis) throws BadLine {
        return checked(millis);
    }

    private Long checked(long millis) throws BadLine {
        if (millis < 0) {
            throw new BadLine("timestamp.field '" + field + "' lies before 1970");
        }
        return millis;
    }

    private long parse(String text) throws BadLine {
        try {
            if (isUtcSecond(text)) {
                return parseUtcSecond(text);
            }
            if (isWholeNumber(text)) {
                return Long.parseLong(text);
            }
            return Instant.parse(text).toEpochMilli();
        } catch (DateTimeException | ArithmeticException | NumberFormatException e) {
            throw new BadLine(
                    "timestamp.field '" + field + "' is no ISO 8601 instant and no whole number of milliseconds");
        }
    }

    /// `2001-01-01T00:01:00Z`, by far the most frequent form, is read without a formatter.
    private static boolean isUtcSecond(String text) {
        return text.length() == 20
                && text.charAt(4) == '-'
                && text.charAt(7) == '-'
                && text.charAt(10) == 'T'
                && text.charAt(13) == ':'
                && text.charAt(16) == ':'
                && text.charAt(19) == 'Z';
    }

    private static long parseUtcSecond(String text) {
        int hour = number(text, 11, 13);
        int minute = number(text, 14, 16);
        int second = number(text, 17, 19);
        if (hour > 23 || minute > 59 || second > 59) {
            return Instant.parse(text).toEpochMilli();
        }
        LocalDate day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10));
        return day.toEpochDay() * DAY_MILLIS + ((hour * 60L + minute) * 60L + second) * 1000L;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            int digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw new NumberFormatException();
            }
            number = number * 10 + digit;
        }
        return number;
    }

    private static boolean isWholeNumber(String text) {
        return !text.isEmpty() && text.chars().allMatch(c -> c >= '0' && c <= '9');
    }
}

package io.weir.streams.topology;

import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;

/// Reads ISO-8601 instants; several times faster than the formatter of the platform on the usual form
/// `2001-01-01T00:01:00Z`, which every record of a stream may carry.
final class IsoInstant {
    private static final int PLAIN_LENGTH = "2001-01-01T00:01:00Z".length();

    private IsoInstant() {}

    /// @throws java.time.DateTimeException when the text is no instant
    static Instant parse(String text) {
        if (text.length() == PLAIN_LENGTH && isPlain(text)) {
            int hour = number(text, 11, 13);
            int minute = number(text, 14, 16);
            int second = number(text, 17, 19);
            if (hour < 24 && minute < 60 && second < 60) {
                long day = LocalDate.of(number(text, 0, 4), number(text, 5, 7), number(text, 8, 10))
                        .toEpochDay();
                return Instant.ofEpochSecond(day * 86_400 + hour * 3_600L + minute * 60L + second);
            }
        }
        return text.endsWith("Z")
                ? Instant.parse(text)
                : OffsetDateTime.parse(text).toInstant();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < PLAIN_LENGTH; i++) {
            char expected = "dddd-dd-ddTdd:dd:ddZ".charAt(i);
            char found = text.charAt(i);
            boolean fits = expected == 'd' ? found >= '0' && found <= '9' : found == expected;
            if (!fits) {
                return false;
            }
        }
        return true;
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int i = from; i < to; i++) {
            number = number * 10 + text.charAt(i) - '0';
        }
        return number;
    }
}

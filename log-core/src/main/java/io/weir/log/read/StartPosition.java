package io.weir.log.read;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import org.jspecify.annotations.Nullable;

/// Where a read begins.
public sealed interface StartPosition {
    /// The first offset the log still has.
    record Earliest() implements StartPosition {}

    /// The end: only what is written from now on.
    record Latest() implements StartPosition {}

    /// An offset of one partition, inside the log or its end.
    record At(long offset) implements StartPosition {}

    /// An offset for each of some partitions.
    record Each(OffsetVector vector) implements StartPosition {}

    /// The newest records of each partition.
    ///
    /// @param count at least 1
    record Last(int count) implements StartPosition {}

    /// The first record whose timestamp is not earlier.
    record Time(Instant notBefore) implements StartPosition {}

    /// Reads `1200`, `0=1201,1=77`, `earliest`, `latest`, `last:50` or `time:2026-01-31T00:00:00Z`.
    ///
    /// @throws WeirException `read-offset-invalid`
    static StartPosition parse(String text) {
        if (text.equals("earliest")) {
            return new Earliest();
        }
        if (text.equals("latest")) {
            return new Latest();
        }
        if (text.startsWith("last:")) {
            return new Last(count(text));
        }
        if (text.startsWith("time:")) {
            return new Time(instant(text.substring("time:".length()), "Parameter 'offset'"));
        }
        if (text.indexOf('=') >= 0) {
            return new Each(OffsetVector.parse(text, "Parameter 'offset'"));
        }
        try {
            long offset = Long.parseLong(text);
            if (offset >= 0) {
                return new At(offset);
            }
        } catch (NumberFormatException e) {
            throw invalid(text, e);
        }
        throw invalid(text, null);
    }

    /// Reads an ISO-8601 instant with `Z` or an offset.
    ///
    /// @param subject begins the message of a failure
    /// @throws WeirException `read-time-invalid`
    static Instant instant(String text, String subject) {
        try {
            // a plus sign that a form decoder has turned into a blank
            return OffsetDateTime.parse(text.strip().replace(' ', '+')).toInstant();
        } catch (DateTimeException e) {
            throw new WeirException(
                    "read-time-invalid",
                    Whose.USER,
                    subject + ": must be an instant like 'time:2026-01-31T00:00:00Z', got '" + text + "'.",
                    e);
        }
    }

    private static int count(String text) {
        try {
            int count = Integer.parseInt(text.substring("last:".length()));
            if (count >= 1 && count <= ReadBounds.MOST_RECORDS) {
                return count;
            }
        } catch (NumberFormatException e) {
            throw invalid(text, e);
        }
        throw invalid(text, null);
    }

    private static WeirException invalid(String text, @Nullable Throwable cause) {
        return new WeirException(
                "read-offset-invalid",
                Whose.USER,
                "Parameter 'offset': must be a number, 'earliest', 'latest', 'last:<1 to " + ReadBounds.MOST_RECORDS
                        + ">', 'time:<ISO instant>' or a vector like '0=1201,1=77', got '" + text + "'.",
                cause);
    }
}

package io.weir.log.read;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.time.Duration;

/// What ends one range read, whichever comes first.
///
/// @param records 1 to 10,000
/// @param bytes of keys, values and headers; a first record that is larger comes all the same
/// @param time from the first fetch
public record ReadBounds(int records, long bytes, Duration time) {
    static final int MOST_RECORDS = 10_000;
    private static final int DEFAULT_RECORDS = 100;
    private static final long MOST_BYTES = 8L << 20;
    private static final Duration LONGEST = Duration.ofSeconds(10);

    public ReadBounds {
        if (records < 1 || records > MOST_RECORDS) {
            throw new WeirException(
                    "read-limit-invalid",
                    Whose.USER,
                    "Parameter 'limit': must be from 1 to " + MOST_RECORDS + ", got " + records + ".");
        }
    }

    /// 100 records, 8 MiB, 10 s.
    public static ReadBounds defaults() {
        return new ReadBounds(DEFAULT_RECORDS, MOST_BYTES, LONGEST);
    }

    /// Everything else as by default.
    public static ReadBounds ofRecords(int records) {
        return new ReadBounds(records, MOST_BYTES, LONGEST);
    }

    /// As many records as one answer may have.
    public static ReadBounds widest() {
        return new ReadBounds(MOST_RECORDS, MOST_BYTES, LONGEST);
    }
}

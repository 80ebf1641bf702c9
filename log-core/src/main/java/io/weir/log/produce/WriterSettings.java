package io.weir.log.produce;

import java.time.Duration;

/// @param longestWait how long one `write` may block for metadata or room; positive
/// @param delivery how long a record may take from `write` to its acknowledgement, retries included; positive
public record WriterSettings(Duration longestWait, Duration delivery) {
    public WriterSettings {
        if (!longestWait.isPositive() || !delivery.isPositive()) {
            throw new IllegalArgumentException(
                    "Writer settings: both durations must be positive, got " + longestWait + " and " + delivery + ".");
        }
    }

    /// 10 s and 30 s.
    public static WriterSettings defaults() {
        return new WriterSettings(Duration.ofSeconds(10), Duration.ofSeconds(30));
    }
}

package io.weir.log.journal;

import io.weir.log.topic.TopicName;
import java.time.Duration;

/// @param topic one partition, compacted; created when absent
/// @param deadline how long one call may take in all, and how long opening may stand still; positive
public record JournalSettings(TopicName topic, Duration deadline) {
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

    public JournalSettings {
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException(
                    "Journal '" + topic + "': deadline must be positive, got " + deadline + ".");
        }
    }

    /// With a deadline of 30 s.
    public static JournalSettings of(TopicName topic) {
        return new JournalSettings(topic, DEFAULT_DEADLINE);
    }

    public JournalSettings withDeadline(Duration newDeadline) {
        return new JournalSettings(topic, newDeadline);
    }
}

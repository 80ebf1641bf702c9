package io.weir.log.journal;

import io.weir.log.topic.TopicName;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/// @param topic one partition, compacted; created when absent
/// @param deadline how long one call may take in all, and how long opening may stand still; positive
/// @param history a topic of one partition that keeps what decisions tell it, for people and SQL; created
///     when absent,
///     never compacted and never read by the journal. Null for none
public record JournalSettings(
        TopicName topic, Duration deadline, @Nullable TopicName history) {
    private static final Duration DEFAULT_DEADLINE = Duration.ofSeconds(30);

    public JournalSettings {
        if (!deadline.isPositive()) {
            throw new IllegalArgumentException(
                    "Journal '" + topic + "': deadline must be positive, got " + deadline + ".");
        }
    }

    /// With a deadline of 30 s.
    public static JournalSettings of(TopicName topic) {
        return new JournalSettings(topic, DEFAULT_DEADLINE, null);
    }

    public JournalSettings withHistory(TopicName newHistory) {
        return new JournalSettings(topic, deadline, newHistory);
    }

    public JournalSettings withDeadline(Duration newDeadline) {
        return new JournalSettings(topic, newDeadline, history);
    }
}

package io.weir.tiered.archive;

import java.util.regex.Pattern;

/// Whether a topic is archived, by its name and its cleanup policy.
public enum TopicChoice {
    /// An ordinary topic: archived where `weir.archive.default` says so.
    ARCHIVED,
    /// Output of a job that few read again (`*.dlq`, `*.late`, shadow outputs `<topic>.vN`): only when asked for.
    ON_REQUEST,
    /// Belongs to Kafka, to Weir or to the inner workings of a job: never.
    INTERNAL,
    /// Kafka does not copy compacted topics.
    COMPACTED;

    private static final Pattern JOB_INTERNAL = Pattern.compile(".+\\.v\\d+-.+-(changelog|repartition)");
    private static final Pattern JOB_OUTPUT = Pattern.compile(".+\\.(dlq|late|v\\d+)");

    /// @param cleanupPolicy the topic's `cleanup.policy`
    public static TopicChoice of(String topic, String cleanupPolicy) {
        if (topic.startsWith("__") || JOB_INTERNAL.matcher(topic).matches()) {
            return INTERNAL;
        }
        if (cleanupPolicy.contains("compact")) {
            return COMPACTED;
        }
        return JOB_OUTPUT.matcher(topic).matches() ? ON_REQUEST : ARCHIVED;
    }
}

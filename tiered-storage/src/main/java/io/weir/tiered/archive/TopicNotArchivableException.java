package io.weir.tiered.archive;

/// The topic exists and cannot be archived.
public final class TopicNotArchivableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String code;

    private TopicNotArchivableException(String code, String message) {
        super(message);
        this.code = code;
    }

    static TopicNotArchivableException internal(String topic) {
        return new TopicNotArchivableException(
                "topic-internal", "Topic '" + topic + "': is internal, and internal topics are never archived.");
    }

    static TopicNotArchivableException compacted(String topic) {
        return new TopicNotArchivableException(
                "topic-compacted",
                "Topic '" + topic
                        + "': is compacted, and Kafka does not copy compacted topics. Use cleanup.policy=delete"
                        + " for a topic that is to be archived.");
    }

    static TopicNotArchivableException off(String topic, String reason) {
        return new TopicNotArchivableException("archive-off", "Topic '" + topic + "': the archive is off. " + reason);
    }

    static TopicNotArchivableException refused(String topic, String reason) {
        return new TopicNotArchivableException(
                "archive-refused", "Topic '" + topic + "': the broker refused to archive it: " + reason);
    }

    /// Stable, kebab case: `topic-internal`, `topic-compacted`, `archive-off` or `archive-refused`.
    public String code() {
        return code;
    }
}

package io.weir.tiered.archive;

/// There is no topic of that name.
public final class NoSuchTopicException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final String topic;

    public NoSuchTopicException(String topic) {
        super("Topic '" + topic + "': does not exist.");
        this.topic = topic;
    }

    public String topic() {
        return topic;
    }
}

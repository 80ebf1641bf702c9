package io.weir.log.topic;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;

/// The name of a topic, valid by Kafka's own rule: 1 to 249 characters of `a-z A-Z 0-9 . _ -`, and neither `.`
/// nor `..`.
///
/// @param value the name as Kafka knows it
public record TopicName(String value) implements Comparable<TopicName> {
    private static final int LONGEST = 249;

    public TopicName {
        if (!isLegal(value)) {
            throw new WeirException(
                    "topic-name-invalid",
                    Whose.USER,
                    "Topic '" + value + "': a name has 1 to " + LONGEST
                            + " characters of a-z A-Z 0-9 . _ - and is neither '.' nor '..'.");
        }
    }

    public static TopicName of(String value) {
        return new TopicName(value);
    }

    /// Whether the topic belongs to Weir or Kafka itself: its name starts with two underscores.
    public boolean isInternal() {
        return value.startsWith("__");
    }

    @Override
    public int compareTo(TopicName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }

    private static boolean isLegal(String value) {
        if (value.isEmpty() || value.length() > LONGEST || value.equals(".") || value.equals("..")) {
            return false;
        }
        return value.chars()
                .allMatch(c -> (c >= 'a' && c <= 'z')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= '0' && c <= '9')
                        || c == '.'
                        || c == '_'
                        || c == '-');
    }
}

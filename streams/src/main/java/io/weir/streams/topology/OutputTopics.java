package io.weir.streams.topology;

import java.util.Map;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/// Where each output of a plan is written; may change while the version runs, which makes a promotion a change of a
/// value. Thread-safe.
final class OutputTopics {
    private volatile Map<String, String> topics;

    /// @param topics by output; an output that is missing is written as it is called
    OutputTopics(Map<String, String> topics) {
        this.topics = Map.copyOf(topics);
    }

    void redirect(Map<String, String> next) {
        topics = Map.copyOf(next);
    }

    TopicNameExtractor<Object, Object> of(String output) {
        return (key, row, context) -> topics.getOrDefault(output, output);
    }
}

package io.weir.streams.topology;

import io.weir.streams.dsl.PlanRefused;
import java.util.List;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/// The outputs of a job that runs.
///
/// @param planned the outputs that the plan knows
record RunOutputs(OutputTopics topics, List<String> planned) implements JobContext {
    @Override
    @SuppressWarnings("unchecked") // the extractor does not look at keys and rows
    public <K, V> TopicNameExtractor<K, V> output(String name) {
        if (!planned.contains(name)) {
            throw new PlanRefused(
                    "kafka-streams",
                    "output-unknown",
                    "output '" + name + "' is not in the plan: a job must do the same each" + " time it is built.");
        }
        return (TopicNameExtractor<K, V>) (TopicNameExtractor<?, ?>) topics.of(name);
    }
}

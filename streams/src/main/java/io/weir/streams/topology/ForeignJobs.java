package io.weir.streams.topology;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.PlanRefused;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TopologyDescription;
import org.apache.kafka.streams.processor.TopicNameExtractor;

/// Builds a job on Kafka Streams once, to see what it reads and writes.
final class ForeignJobs {
    private static final String STAGE = "kafka-streams";

    private ForeignJobs() {}

    /// @throws PlanRefused when the job breaks a rule of [KafkaStreamsJob]
    static void describe(KafkaStreamsJob job, Flow flow) {
        Set<String> outputs = new LinkedHashSet<>();
        StreamsBuilder builder = new StreamsBuilder();
        job.define(builder, new JobContext() {
            @Override
            public <K, V> TopicNameExtractor<K, V> output(String name) {
                outputs.add(name);
                return (key, value, context) -> name;
            }
        });
        TopologyDescription topology = builder.build().describe();
        Set<String> read = new TreeSet<>();
        Set<String> written = new TreeSet<>();
        for (TopologyDescription.Subtopology part : topology.subtopologies()) {
            part.nodes().forEach(node -> note(node, read, written));
        }
        topology.globalStores().forEach(global -> note(global.source(), read, written));
        Set<String> internal = new TreeSet<>(read);
        internal.retainAll(written);
        internal.removeIf(topic -> !topic.endsWith("-repartition") && !topic.endsWith("-topic"));
        written.removeAll(internal);
        read.removeAll(internal);
        refuse(written, outputs);
        flow.foreign(job, List.copyOf(read), new ArrayList<>(outputs));
    }

    private static void note(TopologyDescription.Node node, Set<String> read, Set<String> written) {
        if (node instanceof TopologyDescription.Sink sink && sink.topic() != null) {
            written.add(sink.topic());
        } else if (node instanceof TopologyDescription.Source source) {
            if (source.topicSet() == null) {
                throw new PlanRefused(
                        STAGE,
                        "source-pattern",
                        "sources are named, got the pattern '" + source.topicPattern() + "'. Name the topics.");
            }
            read.addAll(source.topicSet());
        }
    }

    private static void refuse(Set<String> literal, Set<String> outputs) {
        for (String topic : literal) {
            throw new PlanRefused(
                    STAGE,
                    "literal-output",
                    "topic '" + topic + "' is written by its name, which a version beside the live one must not do. Use"
                            + " to(context.output(\"" + topic + "\")).");
        }
        if (outputs.isEmpty()) {
            throw new PlanRefused(
                    STAGE, "no-sink", "a job writes at least one topic. End it with to(context.output(name)).");
        }
    }
}

package io.weir.streams.rest;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.streams.dsl.Plan;
import io.weir.streams.job.RunCounts;
import io.weir.streams.job.RunState;
import io.weir.streams.job.life.JobSeen;
import io.weir.streams.job.life.LocalRun;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.state.StoreInfo;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The JSON of `/jobs/{job}/topology`: the plan of a version as a graph, with what this node sees of it.
final class TopologyBodies {
    private static final String TOPIC = "topic:";

    private TopologyBodies() {}

    /// @param lag records behind, by source topic
    /// @param stores what the version keeps here
    static ObjectNode graph(JobSeen seen, JobVersion version, Map<String, Long> lag, List<StoreInfo> stores) {
        LocalRun run = seen.runs().get(version.number());
        ObjectNode body = JobBodies.object()
                .put("job", seen.job().name().value())
                .put("version", version.number())
                .put(
                        "state",
                        version.number() == seen.job().live()
                                ? seen.label()
                                : version.state().label());
        body.set("lag", JobBodies.longs(lag));
        runtime(body, run);
        stages(body, version, run);
        List<String> repartition = new ArrayList<>();
        ArrayNode nodes = body.putArray("nodes");
        ArrayNode edges = body.putArray("edges");
        Set<String> topics = new LinkedHashSet<>();
        for (JsonNode stage : version.plan().json().path("stages")) {
            node(nodes, stage, run);
            edges(edges, topics, stage, version);
            if (stage.path("repartition").asBoolean(false)) {
                repartition.add(
                        version.applicationId() + "-" + stage.path("name").asText() + "-repartition");
            }
        }
        for (String topic : topics) {
            ObjectNode node = nodes.addObject()
                    .put("id", TOPIC + topic)
                    .put("kind", "topic")
                    .put("label", topic);
            if (lag.containsKey(topic)) {
                node.put("lag", lag.get(topic));
            }
        }
        ArrayNode kept = body.putArray("stores");
        stores.forEach(store -> kept.add(StateBodies.store(store)));
        body.set("repartitionTopics", JobBodies.texts(repartition));
        body.put("mermaid", Plan.fromJson(version.plan().json().toString()).toMermaid());
        return body;
    }

    private static void runtime(ObjectNode body, @Nullable LocalRun run) {
        body.put("deadLetters", run == null ? 0 : run.counts().deadLetters());
        if (run == null) {
            return;
        }
        body.put("recordsPerSecond", Math.round(run.recordsPerSecond()));
        if (run.state() instanceof RunState.Restoring restoring) {
            body.putObject("restore").put("remaining", restoring.remaining());
        }
    }

    /// The stages as the plan has them, each with what was counted.
    private static void stages(ObjectNode body, JobVersion version, @Nullable LocalRun run) {
        ArrayNode stages = body.putArray("stages");
        for (JsonNode stage : version.plan().json().path("stages")) {
            ObjectNode counted = stage.deepCopy();
            counts(counted, stage.path("name").asText(), run);
            stages.add(counted);
        }
    }

    private static void node(ArrayNode nodes, JsonNode stage, @Nullable LocalRun run) {
        String name = stage.path("name").asText();
        ObjectNode node = nodes.addObject()
                .put("id", name)
                .put("kind", stage.path("kind").asText())
                .put("label", name);
        counts(node, name, run);
    }

    private static void counts(ObjectNode node, String name, @Nullable LocalRun run) {
        RunCounts counts = run == null ? RunCounts.NONE : run.counts();
        count(node, "in", counts.inByStage().get(name));
        count(node, "out", counts.outByStage().get(name));
        count(node, "late", counts.lateByStage().get(name));
        Double rate = run == null ? null : run.ratesByStage().get(name);
        if (rate != null) {
            node.withObject("counts").put("perSecond", Math.round(rate));
        }
    }

    private static void count(ObjectNode node, String member, @Nullable Long count) {
        if (count != null) {
            node.withObject("counts").put(member, count);
        }
    }

    /// From inputs to the stage, from a topic to what reads it, from what writes it to the topic as it is called now.
    private static void edges(ArrayNode edges, Set<String> topics, JsonNode stage, JobVersion version) {
        String name = stage.path("name").asText();
        stage.path("inputs").forEach(input -> edge(edges, input.asText(), name));
        boolean sink = stage.path("kind").asText().equals("sink");
        if (stage.hasNonNull("topic")) {
            if (sink) {
                write(edges, topics, name, stage.path("topic").asText(), version);
            } else {
                read(edges, topics, stage.path("topic").asText(), name);
            }
        }
        if (stage.hasNonNull("late")) {
            write(edges, topics, name, stage.path("late").asText(), version);
        }
        stage.path("reads").forEach(topic -> read(edges, topics, topic.asText(), name));
        stage.path("writes").forEach(topic -> write(edges, topics, name, topic.asText(), version));
    }

    private static void read(ArrayNode edges, Set<String> topics, String topic, String stage) {
        topics.add(topic);
        edge(edges, TOPIC + topic, stage);
    }

    private static void write(ArrayNode edges, Set<String> topics, String stage, String output, JobVersion version) {
        String topic = version.outputs().topicOf(output);
        topics.add(topic);
        edge(edges, stage, TOPIC + topic);
    }

    private static void edge(ArrayNode edges, String from, String to) {
        edges.addObject().put("from", from).put("to", to);
    }
}

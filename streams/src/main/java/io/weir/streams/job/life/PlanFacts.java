package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// What a stored plan says about its replay, without the job's code.
final class PlanFacts {
    private static final Set<String> REKEYING = Set.of("foreignKeyJoin", "foreign");

    /// Stages whose state reaches over all time, by kind.
    private static final Map<String, String> UNBOUNDED = Map.of(
            "fold", "folds all rows of a key without a window",
            "settle", "holds rows back until they have settled",
            "custom", "keeps state of its own",
            "foreign", "is Kafka Streams code that the plan cannot see into",
            "tableJoin", "joins two tables, whose rows belong to no window",
            "foreignKeyJoin", "joins two tables, whose rows belong to no window");

    private PlanFacts() {}

    /// Whether rows travel through an internal topic.
    static boolean rekeys(JsonNode plan) {
        for (JsonNode stage : plan.path("stages")) {
            if (rekeysItself(stage)) {
                return true;
            }
        }
        return false;
    }

    /// The smallest grace of a window behind a re-key; empty without one.
    static OptionalLong smallestGraceBehindRekey(JsonNode plan) {
        Map<String, JsonNode> stages = new HashMap<>();
        plan.path("stages").forEach(stage -> stages.put(stage.path("name").asText(), stage));
        OptionalLong smallest = OptionalLong.empty();
        for (JsonNode stage : stages.values()) {
            JsonNode grace = stage.path("grace");
            if (grace.isIntegralNumber() && isBehindRekey(stage, stages, new HashSet<>())) {
                smallest = OptionalLong.of(Math.min(smallest.orElse(Long.MAX_VALUE), grace.asLong()));
            }
        }
        return smallest;
    }

    /// How far event time may run on while a row is still taken, over all windows and joins that rows come
    /// through.
    static long reachMillis(JsonNode plan) {
        long reach = 0;
        for (JsonNode stage : plan.path("stages")) {
            long span = stage.path("within").asLong(0);
            for (String kind : List.of("tumbling", "hopping", "sliding", "session")) {
                span = Math.max(span, stage.path("window").path(kind).asLong(0));
            }
            reach += span + stage.path("grace").asLong(0);
        }
        return reach;
    }

    /// Outputs whose rows are results of windows, and nothing else.
    static Set<String> windowedSinks(JsonNode plan) {
        Map<String, JsonNode> stages = new HashMap<>();
        plan.path("stages").forEach(stage -> stages.put(stage.path("name").asText(), stage));
        Set<String> sinks = new TreeSet<>();
        for (JsonNode stage : stages.values()) {
            if (stage.path("kind").asText().equals("sink") && isOfWindow(stage, stages)) {
                sinks.add(stage.path("topic").asText());
            }
        }
        return sinks;
    }

    /// How rows came to the key of the window that an output's results are of.
    ///
    /// @param field of the source's rows that is the key; empty when it is the record's own
    /// @param sources topics of streams whose rows get there
    record WindowKey(Optional<String> field, Set<String> sources) {}

    /// Empty when the output's rows are of no single window, or code that the plan cannot see decides on the
    /// key.
    static Optional<WindowKey> windowKey(JsonNode plan, String sink) {
        Map<String, JsonNode> stages = new HashMap<>();
        plan.path("stages").forEach(stage -> stages.put(stage.path("name").asText(), stage));
        JsonNode at = kinds(plan, Set.of("sink"))
                .filter(stage -> stage.path("topic").asText().equals(sink) && isOfWindow(stage, stages))
                .findFirst()
                .orElse(null);
        Optional<String> field = Optional.empty();
        while (at != null && !at.path("kind").asText().equals("source")) {
            if (at.path("kind").asText().equals("keyBy") && !at.path("declared").asBoolean()) {
                JsonNode key = at.path("key");
                if (key.size() != 1 || !key.path(0).has("field") || field.isPresent()) {
                    return Optional.empty();
                }
                field = Optional.of(key.path(0).path("field").asText());
            }
            if (field.isPresent()
                    && Set.of("map", "select", "flatMap")
                            .contains(at.path("kind").asText())) {
                return Optional.empty(); // the field is of a row that the source does not hold
            }
            at = Set.of("merge", "streamJoin", "custom", "foreign")
                            .contains(at.path("kind").asText())
                    ? null
                    : stages.get(at.path("inputs").path(0).asText());
        }
        return at == null
                ? Optional.empty()
                : Optional.of(new WindowKey(field, Set.of(at.path("topic").asText())));
    }

    /// Whether rows wait for others, in windows or joins of streams.
    static boolean hasWindows(JsonNode plan) {
        return kinds(plan, Set.of("windowFold", "streamJoin")).findAny().isPresent();
    }

    /// The first stage that keeps state which no range of event time holds, and why; empty without one.
    static Optional<Map.Entry<String, String>> outsideOfTime(JsonNode plan) {
        return kinds(plan, UNBOUNDED.keySet())
                .findFirst()
                .map(stage -> Map.entry(
                        stage.path("name").asText(),
                        UNBOUNDED.get(stage.path("kind").asText())));
    }

    private static Stream<JsonNode> kinds(JsonNode plan, Set<String> kinds) {
        return StreamSupport.stream(plan.path("stages").spliterator(), false)
                .filter(stage -> kinds.contains(stage.path("kind").asText()));
    }

    /// The first stage that holds rows back by a clock of its own, which no end of input can make it give.
    static Optional<String> settles(JsonNode plan) {
        for (JsonNode stage : plan.path("stages")) {
            if (stage.path("kind").asText().equals("settle")) {
                return Optional.of(stage.path("name").asText());
            }
        }
        return Optional.empty();
    }

    /// Topics whose event time comes from a field of their rows.
    static Set<String> timedByField(JsonNode plan) {
        Set<String> topics = new HashSet<>();
        for (JsonNode stage : plan.path("stages")) {
            if (stage.hasNonNull("eventTime")) {
                topics.add(stage.path("topic").asText());
            }
        }
        return topics;
    }

    /// Whether each partition is processed by itself: one stream, nothing travels through an internal topic.
    /// Then no
    /// result depends on how far one partition is ahead of another one.
    static boolean partitionsNeverMeet(JsonNode plan) {
        int streams = 0;
        for (JsonNode stage : plan.path("stages")) {
            boolean stream = stage.path("kind").asText().equals("source")
                    && !stage.path("table").asBoolean(false)
                    && !stage.path("global").asBoolean(false);
            streams += stream ? 1 : 0;
        }
        return streams == 1 && !rekeys(plan);
    }

    /// Topics that are read as tables.
    static Set<String> tables(JsonNode plan) {
        Set<String> tables = new HashSet<>();
        for (JsonNode stage : plan.path("stages")) {
            if (stage.path("table").asBoolean(false)) {
                tables.add(stage.path("topic").asText());
            }
        }
        return tables;
    }

    /// Topics that every node reads whole, outside the order of a replay and of a barrier.
    static Set<String> globals(JsonNode plan) {
        Set<String> globals = new HashSet<>();
        for (JsonNode stage : plan.path("stages")) {
            if (stage.path("global").asBoolean(false)) {
                globals.add(stage.path("topic").asText());
            }
        }
        return globals;
    }

    /// Outputs with one row per key: tables, and results of windows. What else is written has no key that
    /// names a row.
    static Set<String> keyedSinks(JsonNode plan) {
        Map<String, JsonNode> stages = new HashMap<>();
        plan.path("stages").forEach(stage -> stages.put(stage.path("name").asText(), stage));
        Set<String> sinks = new HashSet<>();
        for (JsonNode stage : stages.values()) {
            if (stage.path("kind").asText().equals("sink")
                    && (stage.path("upsert").asBoolean(false) || isOfWindow(stage, stages))) {
                sinks.add(stage.path("topic").asText());
            }
        }
        return sinks;
    }

    /// Outputs that are none of the above; topics of late rows do not count.
    static Set<String> appendedSinks(JsonNode plan) {
        Set<String> sinks = new HashSet<>();
        for (JsonNode stage : plan.path("stages")) {
            if (stage.path("kind").asText().equals("sink")) {
                sinks.add(stage.path("topic").asText());
            }
        }
        sinks.removeAll(keyedSinks(plan));
        sinks.addAll(foreignSinks(plan));
        return sinks;
    }

    /// Outputs of code that the plan cannot see into: they may or may not have one row per key.
    static Set<String> foreignSinks(JsonNode plan) {
        Set<String> sinks = new HashSet<>();
        for (JsonNode stage : plan.path("stages")) {
            stage.path("writes").forEach(topic -> sinks.add(topic.asText()));
        }
        return sinks;
    }

    private static boolean isOfWindow(JsonNode stage, Map<String, JsonNode> stages) {
        JsonNode before = stages.get(stage.path("inputs").path(0).asText());
        if (before == null) {
            return false;
        }
        return switch (before.path("kind").asText()) {
            case "windowFold" -> true;
            case "filter", "map", "select", "join", "settle" -> isOfWindow(before, stages);
            default -> false;
        };
    }

    private static boolean isBehindRekey(JsonNode stage, Map<String, JsonNode> stages, Set<String> seen) {
        for (JsonNode input : stage.path("inputs")) {
            JsonNode before = stages.get(input.asText());
            if (before != null
                    && seen.add(input.asText())
                    && (rekeysItself(before) || isBehindRekey(before, stages, seen))) {
                return true;
            }
        }
        return rekeysItself(stage);
    }

    private static boolean rekeysItself(JsonNode stage) {
        return stage.path("repartition").asBoolean(false)
                || REKEYING.contains(stage.path("kind").asText());
    }
}

package io.weir.streams.dsl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// The rules that a whole plan has to keep.
final class PlanCheck {
    private static final int LONGEST_NAME = 200;

    private PlanCheck() {}

    static void check(String job, List<Stage> stages) {
        if (stages.stream().allMatch(stage -> written(stage).isEmpty())) {
            throw new PlanRefused(job, "no-sink", "a job writes at least one topic. End it with .to(topic).");
        }
        Map<String, Stage> known = new HashMap<>();
        Set<String> read = new HashSet<>();
        Set<String> inputs = new HashSet<>();
        for (Stage stage : stages) {
            if (known.put(stage.name(), stage) != null) {
                throw new PlanRefused(
                        stage.name(), "equal-paths", "two operators have this path. Tell them apart with .named(...).");
            }
            if (stage.name().length() > LONGEST_NAME) {
                throw new PlanRefused(
                        stage.name(),
                        "stage-name",
                        "the path has more than " + LONGEST_NAME + " characters. Shorten it with .named(...).");
            }
            inputs.addAll(stage.inputs());
            if (stage instanceof Stage.Source source) {
                read.add(source.topic());
            } else if (stage instanceof Stage.Foreign foreign) {
                read.addAll(foreign.reads());
            }
        }
        for (Stage stage : stages) {
            checkWritten(job, stage, read);
            boolean ends = stage instanceof Stage.Sink
                    || (stage instanceof Stage.Foreign foreign
                            && !foreign.writes().isEmpty());
            if (!ends && !inputs.contains(stage.name())) {
                throw new PlanRefused(
                        stage.name(), "unused", "nothing comes of this operator. End it with .to(topic) or remove it.");
            }
        }
    }

    private static void checkWritten(String job, Stage stage, Set<String> read) {
        for (String topic : written(stage)) {
            checkWritten(job, stage, topic, read);
        }
    }

    private static List<String> written(Stage stage) {
        List<String> topics = new ArrayList<>();
        if (stage instanceof Stage.Sink sink) {
            topics.add(sink.topic());
        } else if (stage instanceof Stage.Foreign foreign) {
            topics.addAll(foreign.writes());
        }
        String late = stage.late();
        if (late != null) {
            topics.add(late);
        }
        return topics;
    }

    private static void checkWritten(String job, Stage stage, String topic, Set<String> read) {
        if (read.contains(topic)) {
            throw new PlanRefused(
                    stage.name(), "loop", "the job reads topic '" + topic + "' and must not write it as well.");
        }
        if (topic.equals(job + ".dlq")) {
            throw new PlanRefused(
                    stage.name(), "dead-letters", "topic '" + topic + "' is where the job's dead letters go.");
        }
    }
}

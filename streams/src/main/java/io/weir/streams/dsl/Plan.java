package io.weir.streams.dsl;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a job does, as data: a tree of [Stage]s that can be printed, stored, compared and compiled. A plan
/// made from a job class carries the job's code; one read from JSON does not, and cannot run. Immutable.
public final class Plan {
    private final String job;
    private final List<Stage> stages;
    private final Map<String, String> explanations;

    Plan(String job, List<Stage> stages, Map<String, String> explanations) {
        this.job = job;
        this.stages = List.copyOf(stages);
        this.explanations = Map.copyOf(explanations);
    }

    /// Asks a job what it does, and checks the answer.
    ///
    /// @throws PlanRefused when the job breaks a rule of the language
    public static Plan of(String jobName, StreamJob job) {
        Flow flow = new Flow();
        job.define(flow);
        List<Stage> stages = new ArrayList<>();
        Map<String, String> explanations = new HashMap<>();
        for (Node node : flow.nodes()) {
            stages.add(node.stage());
            String explanation = node.explanation();
            if (explanation != null) {
                explanations.put(node.path(), explanation);
            }
        }
        PlanCheck.check(jobName, stages);
        return new Plan(jobName, stages, explanations);
    }

    /// Reads a plan back.
    ///
    /// @throws PlanRefused when the text is no plan of a version that is known here, or has an unknown
    ///     field
    public static Plan fromJson(String json) {
        return PlanJson.read(json);
    }

    /// The plan as JSON: `{"weir":"plan/1","job":...,"stages":[...]}`. Equal plans give equal text.
    public String toJson() {
        return PlanJson.write(this);
    }

    /// The plan for people, one line per stage.
    public String print() {
        return PlanText.print(this);
    }

    /// The plan as a flowchart in Mermaid's language, for pages and consoles that draw it.
    public String toMermaid() {
        return PlanMermaid.draw(this);
    }

    /// What the job says about a stage, or null.
    public @Nullable String explanation(String stage) {
        return explanations.get(stage);
    }

    /// The name of the job.
    public String job() {
        return job;
    }

    /// Each stage after its inputs.
    public List<Stage> stages() {
        return stages;
    }

    /// The stage of that name, or null.
    public @Nullable Stage stage(String name) {
        for (Stage stage : stages) {
            if (stage.name().equals(name)) {
                return stage;
            }
        }
        return null;
    }

    /// Names of the topics that are read, streams and tables, in the order of the job.
    public List<String> sources() {
        List<String> topics = new ArrayList<>();
        for (Stage stage : stages) {
            if (stage instanceof Stage.Source source) {
                topics.add(source.topic());
            } else if (stage instanceof Stage.Foreign foreign) {
                foreign.reads().stream()
                        .filter(topic -> !topics.contains(topic))
                        .forEach(topics::add);
            }
        }
        return List.copyOf(topics);
    }

    /// Names of the topics that are written, late topics included, each once.
    public List<String> sinks() {
        List<String> topics = new ArrayList<>();
        for (Stage stage : stages) {
            String late = stage.late();
            if (stage instanceof Stage.Foreign foreign) {
                foreign.writes().stream()
                        .filter(topic -> !topics.contains(topic))
                        .forEach(topics::add);
            }
            if (stage instanceof Stage.Sink sink && !topics.contains(sink.topic())) {
                topics.add(sink.topic());
            } else if (late != null && !topics.contains(late)) {
                topics.add(late);
            }
        }
        return List.copyOf(topics);
    }

    /// The types that rows have after each stage, by stage name.
    public Map<String, StageType> types() {
        Map<String, StageType> types = new HashMap<>();
        for (Stage stage : stages) {
            types.put(stage.name(), StageType.after(stage, types));
        }
        return types;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Plan plan
                && plan.job.equals(job)
                && plan.stages.equals(stages)
                && plan.explanations.equals(explanations);
    }

    @Override
    public int hashCode() {
        return 31 * job.hashCode() + stages.hashCode();
    }

    @Override
    public String toString() {
        return print();
    }
}

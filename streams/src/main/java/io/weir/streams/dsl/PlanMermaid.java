package io.weir.streams.dsl;

import java.util.HashMap;
import java.util.Map;

/// The plan as a Mermaid flowchart: topics as cylinders, stages as boxes, late rows as dotted lines.
final class PlanMermaid {
    private PlanMermaid() {}

    static String draw(Plan plan) {
        StringBuilder text = new StringBuilder("flowchart LR\n");
        Map<String, String> ids = new HashMap<>();
        for (Stage stage : plan.stages()) {
            String id = "s" + ids.size();
            ids.put(stage.name(), id);
            text.append("  ").append(shape(id, stage)).append('\n');
            for (String input : stage.inputs()) {
                text.append("  ")
                        .append(ids.get(input))
                        .append(" --> ")
                        .append(id)
                        .append('\n');
            }
            if (stage instanceof Stage.Foreign foreign) {
                topics(text, id, foreign);
            }
            String late = stage.late();
            if (late != null) {
                text.append("  ").append(id).append(" -. late .-> ").append(id);
                text.append("late[(\"").append(escaped(late)).append("\")]\n");
            }
        }
        return text.toString();
    }

    private static void topics(StringBuilder text, String id, Stage.Foreign foreign) {
        for (int i = 0; i < foreign.reads().size(); i++) {
            text.append("  ").append(id).append("in").append(i).append("[(\"");
            text.append(escaped(foreign.reads().get(i)))
                    .append("\")] --> ")
                    .append(id)
                    .append('\n');
        }
        for (int i = 0; i < foreign.writes().size(); i++) {
            text.append("  ")
                    .append(id)
                    .append(" --> ")
                    .append(id)
                    .append("out")
                    .append(i)
                    .append("[(\"");
            text.append(escaped(foreign.writes().get(i))).append("\")]\n");
        }
    }

    private static String shape(String id, Stage stage) {
        if (stage instanceof Stage.Source source) {
            return id + "[(\"" + escaped(source.topic()) + "\")]";
        }
        if (stage instanceof Stage.Sink sink) {
            return id + "[(\"" + escaped(sink.topic()) + "\")]";
        }
        return id + "[\"" + escaped(stage.name()) + "<br/>" + escaped(PlanText.line(stage)) + "\"]";
    }

    private static String escaped(String text) {
        return text.replace("&", "#amp;")
                .replace("\"", "#quot;")
                .replace("<", "#lt;")
                .replace(">", "#gt;");
    }
}

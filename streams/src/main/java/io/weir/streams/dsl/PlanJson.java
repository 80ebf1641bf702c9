package io.weir.streams.dsl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// The JSON form of a plan, format `plan/1`:
///
/// ```json
/// {"weir":"plan/1","job":"revenue","stages":[
///
/// {"name":"clicks","kind":"source","topic":"clicks","table":false,"key":"String","type":"Click#9f2c01aa"},
///  {"name":"clicks.where","kind":"filter","inputs":["clicks"],"expr":{"eq":[{"field":"type"},"click"]}}]}
/// ```
final class PlanJson {
    static final String FORMAT = "plan/1";

    private static final ObjectMapper JSON =
            new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

    private PlanJson() {}

    static String write(Plan plan) {
        ObjectNode root = JSON.createObjectNode().put("weir", FORMAT).put("job", plan.job());
        ArrayNode stages = root.putArray("stages");
        for (Stage stage : plan.stages()) {
            stages.add(StageJson.write(stage));
        }
        ObjectNode explanations = JSON.createObjectNode();
        for (Stage stage : plan.stages()) {
            String explanation = plan.explanation(stage.name());
            if (explanation != null) {
                explanations.put(stage.name(), explanation);
            }
        }
        if (!explanations.isEmpty()) {
            root.set("explanations", explanations);
        }
        return root.toString();
    }

    static Plan read(String json) {
        JsonNode root;
        try {
            root = JSON.readTree(json);
        } catch (JsonProcessingException e) {
            throw new PlanRefused("plan", "plan-json", "this is no JSON: " + e.getOriginalMessage());
        }
        Members members = new Members("plan", root);
        String format = members.text("weir");
        if (!format.equals(FORMAT)) {
            throw new PlanRefused(
                    "plan", "plan-format", "this Weir reads format " + FORMAT + ", got '" + format + "'.");
        }
        String job = members.text("job");
        List<Stage> stages = new ArrayList<>();
        for (JsonNode node : members.list("stages")) {
            stages.add(new StageReader(node).read());
        }
        Map<String, String> explanations = new HashMap<>();
        if (members.has("explanations")) {
            members.any("explanations")
                    .properties()
                    .forEach(
                            one -> explanations.put(one.getKey(), one.getValue().asText()));
        }
        members.end();
        PlanCheck.check(job, stages);
        return new Plan(job, stages, explanations);
    }
}

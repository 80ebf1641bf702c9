package io.weir.streams.dsl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.streams.dsl.Stage.FoldColumn;
import io.weir.streams.dsl.Stage.FoldKind;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
            stages.add(stage(stage));
        }
        return root.toString();
    }

    private static ObjectNode stage(Stage stage) {
        ObjectNode node = JSON.createObjectNode().put("name", stage.name());
        switch (stage) {
            case Stage.Source source -> {
                node.put("kind", "source").put("topic", source.topic()).put("table", source.table());
                node.put("key", source.key().toString())
                        .put("type", source.type().toString());
                Expr eventTime = source.eventTime();
                if (eventTime != null) {
                    node.set("eventTime", expr(eventTime));
                }
            }
            case Stage.Filter filter -> inputs(node, "filter", stage).set("expr", expr(filter.expr()));
            case Stage.MapStage map ->
                inputs(node, "map", stage).put("type", map.type().toString()).set("function", expr(map.function()));
            case Stage.KeyBy keyBy -> {
                inputs(node, "keyBy", stage).putArray("key").add(expr(keyBy.key()));
                node.put("type", keyBy.type().toString()).put("repartition", keyBy.repartition());
                node.put("declared", keyBy.declared());
            }
            case Stage.WindowFold fold -> {
                inputs(node, "windowFold", stage).putObject("window").put("tumbling", fold.sizeMillis());
                node.put("grace", fold.graceMillis()).put("late", fold.late());
                fold(node.putArray("fold"), fold.fold());
                node.put("type", fold.type().toString());
            }
            case Stage.Join join -> {
                inputs(node, "join", stage).put("left", join.left());
                node.set("function", expr(join.function()));
                node.put("type", join.type().toString());
            }
            case Stage.Sink sink ->
                inputs(node, "sink", stage).put("topic", sink.topic()).put("upsert", sink.upsert());
        }
        return node;
    }

    private static ObjectNode inputs(ObjectNode node, String kind, Stage stage) {
        ArrayNode inputs = node.put("kind", kind).putArray("inputs");
        stage.inputs().forEach(inputs::add);
        return node;
    }

    private static void fold(ArrayNode into, List<FoldColumn> columns) {
        for (FoldColumn column : columns) {
            ArrayNode one = into.addArray().add(column.name()).add(column.kind().json());
            Expr of = column.of();
            if (of != null) {
                one.add(expr(of));
            }
        }
    }

    private static ObjectNode expr(Expr expr) {
        ObjectNode node = JSON.createObjectNode();
        switch (expr) {
            case Field field -> node.put("field", field.name());
            case Opaque opaque -> node.put("opaque", opaque.fingerprint());
            case Comparison comparison -> {
                ArrayNode operands = node.putArray(comparison.operator().json());
                operands.add(expr(comparison.subject()));
                for (Object constant : comparison.constants()) {
                    operands.addPOJO(constant);
                }
            }
        }
        return node;
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
            stages.add(readStage(node));
        }
        members.end();
        PlanCheck.check(job, stages);
        return new Plan(job, stages);
    }

    private static Stage readStage(JsonNode node) {
        Members unnamed = new Members("plan", node);
        String name = unnamed.text("name");
        Members members = new Members(name, node);
        members.text("name");
        String kind = members.text("kind");
        List<String> inputs = kind.equals("source") ? List.of() : members.texts("inputs");
        Stage stage = switch (kind) {
            case "source" ->
                new Stage.Source(
                        name,
                        members.text("topic"),
                        members.flag("table"),
                        RowType.parse(members.text("key")),
                        RowType.parse(members.text("type")),
                        members.has("eventTime") ? readExpr(name, members.any("eventTime")) : null);
            case "filter" -> new Stage.Filter(name, inputs, readExpr(name, members.any("expr")));
            case "map" ->
                new Stage.MapStage(
                        name, inputs, RowType.parse(members.text("type")), readExpr(name, members.any("function")));
            case "keyBy" ->
                new Stage.KeyBy(
                        name,
                        inputs,
                        readExpr(name, members.list("key").getFirst()),
                        RowType.parse(members.text("type")),
                        members.flag("repartition"),
                        members.flag("declared"));
            case "windowFold" ->
                new Stage.WindowFold(
                        name,
                        inputs,
                        readWindow(name, members.any("window")),
                        members.number("grace"),
                        members.textOrNull("late"),
                        readFold(name, members.list("fold")),
                        RowType.parse(members.text("type")));
            case "join" ->
                new Stage.Join(
                        name,
                        inputs,
                        members.flag("left"),
                        readOpaque(name, members.any("function")),
                        RowType.parse(members.text("type")));
            case "sink" -> new Stage.Sink(name, inputs, members.text("topic"), members.flag("upsert"));
            default -> throw new PlanRefused(name, "plan-format", "unknown kind of stage, got '" + kind + "'.");
        };
        members.end();
        return stage;
    }

    private static long readWindow(String stage, JsonNode node) {
        Members members = new Members(stage, node);
        long size = members.number("tumbling");
        members.end();
        return size;
    }

    private static List<FoldColumn> readFold(String stage, List<JsonNode> columns) {
        List<FoldColumn> fold = new ArrayList<>();
        for (JsonNode column : columns) {
            fold.add(new FoldColumn(
                    column.path(0).asText(),
                    kind(stage, column.path(1).asText()),
                    column.has(2) ? readExpr(stage, column.path(2)) : null));
        }
        return fold;
    }

    private static FoldKind kind(String stage, String json) {
        for (FoldKind kind : FoldKind.values()) {
            if (kind.json().equals(json)) {
                return kind;
            }
        }
        throw new PlanRefused(stage, "plan-format", "unknown aggregate, got '" + json + "'.");
    }

    private static Opaque readOpaque(String stage, JsonNode node) {
        if (readExpr(stage, node) instanceof Opaque opaque) {
            return opaque;
        }
        throw new PlanRefused(stage, "plan-format", "a join function is opaque, got " + node + ".");
    }

    private static Expr readExpr(String stage, JsonNode node) {
        String name = node.size() == 1 ? node.fieldNames().next() : "";
        JsonNode content = node.path(name);
        return switch (name) {
            case "field" -> new Field(content.asText(), null);
            case "opaque" -> new Opaque(content.asText(), null);
            default -> readComparison(stage, name, content, node);
        };
    }

    private static Expr readComparison(String stage, String name, JsonNode content, JsonNode node) {
        for (Comparison.Operator operator : Comparison.Operator.values()) {
            if (operator.json().equals(name) && content.isArray() && !content.isEmpty()) {
                List<Object> constants = new ArrayList<>();
                for (int i = 1; i < content.size(); i++) {
                    constants.add(constant(stage, content.get(i)));
                }
                return new Comparison(operator, readExpr(stage, content.get(0)), constants, null);
            }
        }
        throw new PlanRefused(stage, "unknown-field", "unknown expression, got " + node + ".");
    }

    private static Object constant(String stage, @Nullable JsonNode node) {
        if (node != null && node.isTextual()) {
            return node.textValue();
        }
        if (node != null && node.isBoolean()) {
            return node.booleanValue();
        }
        if (node != null && node.isNumber()) {
            return Comparison.number(node.decimalValue());
        }
        throw new PlanRefused(stage, "plan-format", "a constant is a string, number or boolean, got " + node + ".");
    }
}

package io.weir.streams.dsl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Locale;

/// Writes the stages of a plan as JSON; [StageReader] reads them back.
final class StageJson {
    private StageJson() {}

    static ObjectNode write(Stage stage) {
        ObjectNode node = JsonNodeFactory.instance.objectNode().put("name", stage.name());
        switch (stage) {
            case Stage.Source source -> source(node, source);
            case Stage.Filter filter -> inputs(node, "filter", stage).set("expr", ExprJson.write(filter.expr()));
            case Stage.MapStage map ->
                inputs(node, "map", stage)
                        .put("type", map.type().toString())
                        .set("function", ExprJson.write(map.function()));
            case Stage.FlatMap flatMap ->
                inputs(node, "flatMap", stage)
                        .put("type", flatMap.type().toString())
                        .set("function", ExprJson.write(flatMap.function()));
            case Stage.Select select -> select(node, select);
            case Stage.KeyBy keyBy -> keyBy(node, keyBy);
            case Stage.Merge merge -> inputs(node, "merge", stage);
            case Stage.Branch branch -> branch(node, branch);
            case Stage.BranchArm arm -> inputs(node, "branchArm", stage).put("arm", arm.arm());
            case Stage.WindowFold fold -> {
                inputs(node, "windowFold", stage).set("window", FoldJson.write(fold.window()));
                node.put("grace", fold.graceMillis()).put("late", fold.late());
                node.set("fold", FoldJson.write(fold.fold()));
                if (fold.updates()) {
                    node.put("updates", true);
                }
                node.put("type", fold.type().toString());
            }
            case Stage.Fold fold -> {
                inputs(node, "fold", stage).set("fold", FoldJson.write(fold.fold()));
                node.put("everyUpdate", fold.everyUpdate())
                        .put("type", fold.type().toString());
            }
            case Stage.Settle settle -> inputs(node, "settle", stage).put("quiet", settle.quietMillis());
            case Stage.Join join -> {
                inputs(node, "join", stage).put("left", join.left());
                node.set("function", ExprJson.write(join.function()));
                node.put("type", join.type().toString());
            }
            case Stage.StreamJoin join -> {
                inputs(node, "streamJoin", stage).put("join", join.kind().json());
                node.put("within", join.withinMillis())
                        .put("grace", join.graceMillis())
                        .put("late", join.late());
                node.set("function", ExprJson.write(join.function()));
                node.put("type", join.type().toString());
            }
            case Stage.TableJoin join -> {
                inputs(node, "tableJoin", stage).put("join", join.kind().json());
                node.set("function", ExprJson.write(join.function()));
                node.put("type", join.type().toString());
            }
            case Stage.ForeignKeyJoin join -> {
                inputs(node, "foreignKeyJoin", stage).put("left", join.left());
                node.set("foreignKey", ExprJson.write(join.foreignKey()));
                node.set("function", ExprJson.write(join.function()));
                node.put("type", join.type().toString());
            }
            case Stage.GlobalJoin join -> {
                inputs(node, "globalJoin", stage).put("left", join.left());
                node.set("key", ExprJson.write(join.key()));
                node.set("function", ExprJson.write(join.function()));
                node.put("type", join.type().toString());
            }
            case Stage.Custom custom -> {
                inputs(node, "custom", stage).set("code", ExprJson.write(custom.code()));
                ArrayNode stores = node.putArray("stores");
                for (Stage.Kept kept : custom.stores()) {
                    stores.addArray()
                            .add(kept.name())
                            .add(kept.key().toString())
                            .add(kept.value().toString());
                }
                node.put("key", custom.key().toString())
                        .put("type", custom.type().toString());
            }
            case Stage.Foreign foreign -> {
                inputs(node, "foreign", stage).set("code", ExprJson.write(foreign.code()));
                foreign.reads().forEach(node.putArray("reads")::add);
                foreign.writes().forEach(node.putArray("writes")::add);
                node.put("key", foreign.key().toString())
                        .put("type", foreign.type().toString());
            }
            case Stage.Sink sink ->
                inputs(node, "sink", stage).put("topic", sink.topic()).put("upsert", sink.upsert());
        }
        return node;
    }

    private static void source(ObjectNode node, Stage.Source source) {
        node.put("kind", "source").put("topic", source.topic()).put("table", source.table());
        node.put("key", source.key().toString()).put("type", source.type().toString());
        if (source.kind() == Stage.SourceKind.GLOBAL) {
            node.put("global", true);
        }
        if (source.historyMillis() > 0) {
            node.put("history", source.historyMillis());
        }
        if (source.format() != Format.JSON) {
            node.put("format", source.format().name().toLowerCase(Locale.ROOT));
        }
        Expr eventTime = source.eventTime();
        if (eventTime != null) {
            node.set("eventTime", ExprJson.write(eventTime));
        }
    }

    private static void select(ObjectNode node, Stage.Select select) {
        ObjectNode columns = inputs(node, "select", select).putObject("columns");
        for (Stage.Assigned assigned : select.columns()) {
            Expr of = assigned.of();
            columns.set(assigned.name(), of == null ? columns.nullNode() : ExprJson.write(of));
        }
        node.put("type", select.type().toString());
    }

    private static void keyBy(ObjectNode node, Stage.KeyBy keyBy) {
        ArrayNode key = inputs(node, "keyBy", keyBy).putArray("key");
        if (keyBy.key() instanceof Both both) {
            key.add(ExprJson.write(both.first())).add(ExprJson.write(both.second()));
        } else {
            key.add(ExprJson.write(keyBy.key()));
        }
        node.put("type", keyBy.type().toString()).put("repartition", keyBy.repartition());
        node.put("declared", keyBy.declared());
    }

    private static void branch(ObjectNode node, Stage.Branch branch) {
        ArrayNode arms = inputs(node, "branch", branch).putArray("arms");
        for (Stage.Arm arm : branch.arms()) {
            ObjectNode one = arms.addObject().put("arm", arm.name());
            Expr condition = arm.condition();
            if (condition != null) {
                one.set("expr", ExprJson.write(condition));
            }
        }
    }

    private static ObjectNode inputs(ObjectNode node, String kind, Stage stage) {
        ArrayNode inputs = node.put("kind", kind).putArray("inputs");
        stage.inputs().forEach(inputs::add);
        return node;
    }
}

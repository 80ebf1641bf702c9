package io.weir.streams.dsl;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.dsl.Stage.SourceKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads one stage of a stored plan, member by member; [StageJson] writes it.
final class StageReader {
    private final String name;
    private final Members members;

    /// @param node the stage
    StageReader(JsonNode node) {
        this.name = new Members("plan", node).text("name");
        this.members = new Members(name, node);
        members.text("name");
    }

    /// The stage.
    Stage read() {
        String kind = members.text("kind");
        List<String> inputs = kind.equals("source") ? List.of() : members.texts("inputs");
        Stage stage = stage(kind, inputs);
        members.end();
        return stage;
    }

    private Stage stage(String kind, List<String> inputs) {
        return switch (kind) {
            case "source" -> source();
            case "filter" -> new Stage.Filter(name, inputs, expr("expr"));
            case "map" -> new Stage.MapStage(name, inputs, type("type"), expr("function"));
            case "flatMap" -> new Stage.FlatMap(name, inputs, type("type"), opaque("function"));
            case "select" -> new Stage.Select(name, inputs, columns(), type("type"));
            case "keyBy" ->
                new Stage.KeyBy(
                        name, inputs, key(), type("type"), members.flag("repartition"), members.flag("declared"));
            case "merge" -> new Stage.Merge(name, inputs);
            case "branch" -> new Stage.Branch(name, inputs, arms());
            case "branchArm" -> new Stage.BranchArm(name, inputs, members.text("arm"));
            case "windowFold" ->
                new Stage.WindowFold(
                        name,
                        inputs,
                        FoldJson.readWindow(name, members.any("window")),
                        members.number("grace"),
                        members.textOrNull("late"),
                        FoldJson.read(name, members.any("fold")),
                        members.has("updates") && members.flag("updates"),
                        type("type"));
            case "fold" ->
                new Stage.Fold(
                        name,
                        inputs,
                        FoldJson.read(name, members.any("fold")),
                        members.flag("everyUpdate"),
                        type("type"));
            case "settle" -> new Stage.Settle(name, inputs, members.number("quiet"));
            case "join" -> new Stage.Join(name, inputs, members.flag("left"), opaque("function"), type("type"));
            case "streamJoin" ->
                new Stage.StreamJoin(
                        name,
                        inputs,
                        JoinKind.of(name, members.text("join")),
                        members.number("within"),
                        members.number("grace"),
                        members.textOrNull("late"),
                        opaque("function"),
                        type("type"));
            case "tableJoin" ->
                new Stage.TableJoin(
                        name, inputs, JoinKind.of(name, members.text("join")), opaque("function"), type("type"));
            case "foreignKeyJoin" ->
                new Stage.ForeignKeyJoin(
                        name, inputs, members.flag("left"), expr("foreignKey"), opaque("function"), type("type"));
            case "globalJoin" ->
                new Stage.GlobalJoin(name, inputs, members.flag("left"), expr("key"), opaque("function"), type("type"));
            case "custom" -> new Stage.Custom(name, inputs, opaque("code"), stores(), type("key"), type("type"));
            case "foreign" ->
                new Stage.Foreign(
                        name,
                        inputs,
                        members.texts("reads"),
                        members.texts("writes"),
                        opaque("code"),
                        type("key"),
                        type("type"));
            case "sink" -> new Stage.Sink(name, inputs, members.text("topic"), members.flag("upsert"));
            default -> throw new PlanRefused(name, "plan-format", "unknown kind of stage, got '" + kind + "'.");
        };
    }

    private Stage source() {
        boolean table = members.flag("table");
        boolean global = members.has("global") && members.flag("global");
        return new Stage.Source(
                name,
                members.text("topic"),
                global ? SourceKind.GLOBAL : table ? SourceKind.TABLE : SourceKind.STREAM,
                type("key"),
                type("type"),
                members.has("eventTime") ? expr("eventTime") : null,
                members.has("history") ? members.number("history") : 0,
                format());
    }

    private Format format() {
        String text = members.has("format") ? members.text("format") : "json";
        for (Format format : Format.values()) {
            if (format.name().toLowerCase(Locale.ROOT).equals(text)) {
                return format;
            }
        }
        throw new PlanRefused(name, "plan-format", "unknown format, got '" + text + "'.");
    }

    private Expr key() {
        List<JsonNode> parts = members.list("key");
        Expr first = ExprJson.read(name, parts.getFirst());
        return parts.size() == 1 ? first : new Both(first, ExprJson.read(name, parts.get(1)));
    }

    private List<Stage.Assigned> columns() {
        List<Stage.Assigned> columns = new ArrayList<>();
        for (Map.Entry<String, JsonNode> column : members.any("columns").properties()) {
            JsonNode of = column.getValue();
            columns.add(new Stage.Assigned(column.getKey(), of.isNull() ? null : ExprJson.read(name, of)));
        }
        return List.copyOf(columns);
    }

    private List<Stage.Kept> stores() {
        List<Stage.Kept> stores = new ArrayList<>();
        for (JsonNode node : members.list("stores")) {
            stores.add(new Stage.Kept(
                    node.path(0).asText(),
                    RowType.parse(node.path(1).asText()),
                    RowType.parse(node.path(2).asText())));
        }
        return List.copyOf(stores);
    }

    private List<Stage.Arm> arms() {
        List<Stage.Arm> arms = new ArrayList<>();
        for (JsonNode node : members.list("arms")) {
            Members arm = new Members(name, node);
            arms.add(new Stage.Arm(arm.text("arm"), arm.has("expr") ? ExprJson.read(name, arm.any("expr")) : null));
            arm.end();
        }
        return List.copyOf(arms);
    }

    private RowType type(String member) {
        return RowType.parse(members.text(member));
    }

    private Expr expr(String member) {
        return ExprJson.read(name, members.any(member));
    }

    private Opaque opaque(String member) {
        return ExprJson.readOpaque(name, members.any(member));
    }
}

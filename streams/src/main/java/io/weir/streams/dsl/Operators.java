package io.weir.streams.dsl;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The operators that streams, tables and windowed results share, as nodes of the graph.
final class Operators {
    private Operators() {}

    static Expr condition(Condition<?> condition, Node node) {
        return condition(Lambda.of(condition), node.row);
    }

    static Expr condition(Lambda lambda, RowType row) {
        Expr expr = lambda.expr(row);
        return expr instanceof Field field
                ? new Comparison(
                        Comparison.Operator.EQ,
                        field,
                        List.of(true),
                        taken -> Boolean.TRUE.equals(field.code().of(taken)))
                : expr;
    }

    static void as(Node node, Format format) {
        if (!(node.stage() instanceof Stage.Source source)) {
            throw new PlanRefused(node.path(), "format", "as(format) stands directly after a source. Move it there.");
        }
        Stage.Source written = source.withFormat(format);
        node.become((name, inputs) -> written.withName(name));
    }

    static Node filter(Flow flow, Node node, Expr expr) {
        return flow.add(new Node(
                List.of(node), "where", node.key, node.row, (name, inputs) -> new Stage.Filter(name, inputs, expr)));
    }

    static Node map(Flow flow, Node node, Column<?, ?> function) {
        Lambda lambda = Lambda.of(function);
        RowType type = RowType.of(lambda.resultType(), node.path() + ".map");
        Expr expr = lambda.expr(node.row);
        return flow.add(new Node(
                List.of(node), "map", node.key, type, (name, inputs) -> new Stage.MapStage(name, inputs, type, expr)));
    }

    static Node flatMap(Flow flow, Node node, Class<?> row, Column<?, ?> function) {
        RowType type = RowType.of(row, node.path() + ".flatMap");
        Opaque code = Lambda.of(function).opaque();
        return flow.add(new Node(
                List.of(node),
                "flatMap",
                node.key,
                type,
                (name, inputs) -> new Stage.FlatMap(name, inputs, type, code)));
    }

    static Node select(Flow flow, Node node, String operator, RowType type, List<Stage.Assigned> columns) {
        return flow.add(new Node(
                List.of(node),
                operator,
                node.key,
                type,
                (name, inputs) -> new Stage.Select(name, inputs, columns, type)));
    }

    static Node keyBy(Flow flow, Node node, Column<?, ?> key, boolean declared) {
        String operator = declared ? "keyedBy" : "keyBy";
        Lambda lambda = Lambda.of(key);
        RowType type = RowType.of(lambda.resultType(), node.path() + "." + operator);
        return keyBy(flow, node, operator, lambda.expr(node.row), type);
    }

    static Node keyBy(Flow flow, Node node, Column<?, ?> first, Column<?, ?> second) {
        Lambda one = Lambda.of(first);
        Lambda other = Lambda.of(second);
        String path = node.path() + ".keyBy";
        RowType type = RowType.pair(RowType.of(one.resultType(), path), RowType.of(other.resultType(), path));
        return keyBy(flow, node, "keyBy", new Both(one.expr(node.row), other.expr(node.row)), type);
    }

    private static Node keyBy(Flow flow, Node node, String operator, Expr expr, RowType type) {
        boolean declared = operator.equals("keyedBy");
        Node made = new Node(List.of(node), operator, type, node.row, (name, inputs) -> {
            throw new IllegalStateException(name);
        });
        boolean provable = sameKey(node, expr);
        made.become((name, inputs) ->
                new Stage.KeyBy(name, inputs, expr, type, made.keyMatters && !declared && !provable, declared));
        return flow.add(made);
    }

    static Node merge(Flow flow, Node first, List<Node> others) {
        List<Node> inputs = new ArrayList<>(others);
        inputs.addFirst(first);
        String path = first.path() + ".merge";
        for (Node other : others) {
            if (!other.key.equals(first.key) || !other.row.equals(first.row)) {
                throw new PlanRefused(
                        path,
                        "merge-type",
                        "all inputs need the same types, got " + first.row + " by " + first.key + " and " + other.row
                                + " by " + other.key + ". Use map first.");
            }
        }
        return flow.add(new Node(inputs, "merge", first.key, first.row, Stage.Merge::new));
    }

    static Node fold(Flow flow, Node node, String operator, Folding fold, RowType type) {
        needsKey(node);
        return flow.add(new Node(
                List.of(node),
                operator,
                node.key,
                type,
                (name, inputs) -> new Stage.Fold(name, inputs, fold, false, type)));
    }

    static Node windowFold(Flow flow, Node node, Window window, Folding fold, RowType type) {
        needsKey(node);
        return flow.add(new Node(
                List.of(node),
                "window",
                node.key,
                type,
                (name, inputs) -> new Stage.WindowFold(
                        name, inputs, window.shape(), window.graceMillis(), window.lateTopic(), fold, false, type)));
    }

    static void sink(Flow flow, Node node, String topic, boolean upsert) {
        Names.checkTopic(topic, node.path() + ".to");
        flow.add(new Node(
                List.of(node),
                "to." + topic,
                node.key,
                node.row,
                (name, inputs) -> new Stage.Sink(name, inputs, topic, upsert)));
    }

    static Node through(Flow flow, Node node, Step<?, ?, ?, ?> step, Class<?> key, Class<?> row) {
        String path = node.path() + ".through";
        RowType keyType = RowType.of(key, path);
        RowType rowType = RowType.of(row, path);
        List<Stage.Kept> stores = new ArrayList<>();
        for (StepStore<?, ?> store : step.stores()) {
            if (store.name().equals("gate")
                    || stores.stream().anyMatch(kept -> kept.name().equals(store.name()))) {
                throw new PlanRefused(
                        path,
                        "store-name",
                        "stores have names of their own, and none is called 'gate', got '" + store.name() + "'.");
            }
            stores.add(new Stage.Kept(store.name(), RowType.of(store.key(), path), RowType.of(store.value(), path)));
        }
        needsKey(node);
        Opaque code = Lambda.of(step).opaque();
        return flow.add(new Node(
                List.of(node),
                "through",
                keyType,
                rowType,
                (name, inputs) -> new Stage.Custom(name, inputs, code, List.copyOf(stores), keyType, rowType)));
    }

    /// Marks the nearest re-keying above as one whose rows must meet in one task.
    static void needsKey(Node node) {
        if (node.keyMatters) {
            return;
        }
        node.keyMatters = true;
        Stage stage = node.stage();
        if (stage instanceof Stage.Custom || stage instanceof Stage.Foreign) {
            throw new PlanRefused(
                    node.path(),
                    "key-unknown",
                    "it may give rows any key, so they may lie in another partition than their key's. Put keyBy before"
                            + " the operator that needs the rows of a key together.");
        }
        if (stage instanceof Stage.Merge) {
            node.inputs.forEach(Operators::needsKey);
        } else if (!(stage instanceof Stage.KeyBy) && !node.inputs.isEmpty()) {
            needsKey(node.inputs.getFirst());
        }
    }

    /// Whether the nearest re-keying above, with no change of the row between, used the same column.
    private static boolean sameKey(Node node, Expr key) {
        @Nullable Node above = node;
        while (above != null) {
            Stage stage = above.stage();
            if (stage instanceof Stage.KeyBy keyBy) {
                return keyBy.key().equals(key) && (keyBy.declared() || keyBy.repartition());
            }
            boolean sameRow =
                    stage instanceof Stage.Filter || stage instanceof Stage.Branch || stage instanceof Stage.BranchArm;
            above = sameRow ? above.inputs.getFirst() : null;
        }
        return false;
    }
}

package io.weir.streams.dsl;

import java.util.List;

/// The operators that streams and windowed results share, as nodes of the graph.
final class Operators {
    private Operators() {}

    static Expr condition(Condition<?> condition, Node node) {
        Lambda lambda = Lambda.of(condition);
        Expr expr = lambda.expr(node.row);
        return expr instanceof Field field
                ? new Comparison(
                        Comparison.Operator.EQ,
                        field,
                        List.of(true),
                        row -> Boolean.TRUE.equals(field.code().of(row)))
                : expr;
    }

    static Node map(Flow flow, Node node, Column<?, ?> function) {
        Lambda lambda = Lambda.of(function);
        RowType type = RowType.of(lambda.resultType(), node.path() + ".map");
        Expr expr = lambda.expr(node.row);
        return flow.add(new Node(
                List.of(node), "map", node.key, type, (name, inputs) -> new Stage.MapStage(name, inputs, type, expr)));
    }

    static Node keyBy(Flow flow, Node node, Column<?, ?> key, boolean declared) {
        String operator = declared ? "keyedBy" : "keyBy";
        Lambda lambda = Lambda.of(key);
        RowType type = RowType.of(lambda.resultType(), node.path() + "." + operator);
        Expr expr = lambda.expr(node.row);
        Node made = new Node(List.of(node), operator, type, node.row, (name, inputs) -> {
            throw new IllegalStateException(name);
        });
        boolean provable = sameKey(node, expr);
        made.become((name, inputs) ->
                new Stage.KeyBy(name, inputs, expr, type, made.keyMatters && !declared && !provable, declared));
        return flow.add(made);
    }

    static Node join(Flow flow, Node node, Node table, boolean left, Joiner<?, ?, ?, ?> function) {
        String path = node.path() + ".join";
        Lambda lambda = Lambda.of(function);
        RowType type = RowType.of(lambda.resultType(), path);
        Opaque code = lambda.opaque();
        if (!node.key.equals(table.key)) {
            throw new PlanRefused(
                    path,
                    "join-key",
                    "both sides need the same type of key, got " + node.key + " and " + table.key + ".");
        }
        needsKey(node);
        return flow.add(new Node(
                List.of(node, table),
                "join",
                node.key,
                type,
                (name, inputs) -> new Stage.Join(name, inputs, left, code, type)));
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

    /// Marks the nearest re-keying above as one whose rows must meet in one task.
    static void needsKey(Node node) {
        node.keyMatters = true;
        boolean keyed = node.stage() instanceof Stage.KeyBy;
        if (!keyed && !node.inputs.isEmpty()) {
            needsKey(node.inputs.getFirst());
        }
    }

    /// Whether the nearest re-keying above, with no change of the row between, used the same column.
    private static boolean sameKey(Node node, Expr key) {
        return switch (node.stage()) {
            case Stage.KeyBy keyBy -> keyBy.key().equals(key) && (keyBy.declared() || keyBy.repartition());
            case Stage.Filter filter -> sameKey(node.inputs.getFirst(), key);
            case Stage.Source source -> false;
            case Stage.MapStage map -> false;
            case Stage.WindowFold fold -> false;
            case Stage.Join join -> false;
            case Stage.Sink sink -> false;
        };
    }
}

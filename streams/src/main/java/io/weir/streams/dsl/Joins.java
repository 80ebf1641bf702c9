package io.weir.streams.dsl;

import java.util.List;

/// The joins, as nodes of the graph.
final class Joins {
    private Joins() {}

    static Node streamTable(Flow flow, Node node, Node table, boolean left, Joiner<?, ?, ?, ?> function) {
        String path = node.path() + ".join";
        Lambda lambda = Lambda.of(function);
        RowType type = RowType.of(lambda.resultType(), path);
        Opaque code = lambda.opaque();
        sameKeys(path, node.key, table.key);
        Operators.needsKey(node);
        return flow.add(new Node(
                List.of(node, table),
                "join",
                node.key,
                type,
                (name, inputs) -> new Stage.Join(name, inputs, left, code, type)));
    }

    static Node streams(Flow flow, Node node, Node other, JoinKind kind, Within within, Joiner<?, ?, ?, ?> function) {
        String path = node.path() + ".join";
        Lambda lambda = Lambda.of(function);
        RowType type = RowType.of(lambda.resultType(), path);
        Opaque code = lambda.opaque();
        if (node == other) {
            throw new PlanRefused(path, "join-itself", "a stream cannot be joined with itself. Add .map(row -> row).");
        }
        sameKeys(path, node.key, other.key);
        Operators.needsKey(node);
        Operators.needsKey(other);
        return flow.add(new Node(
                List.of(node, other),
                "join",
                node.key,
                type,
                (name, inputs) -> new Stage.StreamJoin(
                        name,
                        inputs,
                        kind,
                        within.withinMillis(),
                        within.graceMillis(),
                        within.lateTopic(),
                        code,
                        type)));
    }

    static Node tables(Flow flow, Node node, Node other, JoinKind kind, Pairing<?, ?, ?> function) {
        String path = node.path() + ".join";
        Lambda lambda = Lambda.of(function);
        RowType type = RowType.of(lambda.resultType(), path);
        Opaque code = lambda.opaque();
        sameKeys(path, node.key, other.key);
        return flow.add(new Node(
                List.of(node, other),
                "join",
                node.key,
                type,
                (name, inputs) -> new Stage.TableJoin(name, inputs, kind, code, type)));
    }

    static Node foreignKey(
            Flow flow, Node node, Node other, boolean left, Column<?, ?> foreignKey, Pairing<?, ?, ?> function) {
        String path = node.path() + ".joinVia";
        Lambda key = Lambda.of(foreignKey);
        Lambda lambda = Lambda.of(function);
        RowType type = RowType.of(lambda.resultType(), path);
        Opaque code = lambda.opaque();
        Expr expr = key.expr(node.row);
        sameKeys(path, RowType.of(key.resultType(), path), other.key);
        return flow.add(new Node(
                List.of(node, other),
                "joinVia",
                node.key,
                type,
                (name, inputs) -> new Stage.ForeignKeyJoin(name, inputs, left, expr, code, type)));
    }

    static Node global(Flow flow, Node node, Node table, boolean left, Column<?, ?> key, Joiner<?, ?, ?, ?> function) {
        String path = node.path() + ".joinGlobal";
        Lambda wanted = Lambda.of(key);
        Lambda lambda = Lambda.of(function);
        RowType type = RowType.of(lambda.resultType(), path);
        Opaque code = lambda.opaque();
        Expr expr = wanted.expr(node.row);
        sameKeys(path, RowType.of(wanted.resultType(), path), table.key);
        return flow.add(new Node(
                List.of(node, table),
                "joinGlobal",
                node.key,
                type,
                (name, inputs) -> new Stage.GlobalJoin(name, inputs, left, expr, code, type)));
    }

    private static void sameKeys(String path, RowType key, RowType other) {
        if (!key.equals(other)) {
            throw new PlanRefused(
                    path, "join-key", "both sides need the same type of key, got " + key + " and " + other + ".");
        }
    }
}

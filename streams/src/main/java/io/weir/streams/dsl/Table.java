package io.weir.streams.dsl;

import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The latest row per key: of a topic, or computed from one. It changes as rows come; each operator gives a
/// new table that follows.
///
/// @param <K> the key
/// @param <V> the row
public final class Table<K, V> {
    private final Flow flow;
    private final Node node;

    Table(Flow flow, Node node) {
        this.flow = flow;
        this.node = node;
    }

    /// Says how the values of the topic are written, if not in JSON. Directly after `flow.table` only.
    public Table<K, V> as(Format format) {
        Operators.as(node, format);
        return this;
    }

    /// Keeps the keys whose row fulfils the condition. A row that no longer does deletes its key.
    public Table<K, V> where(Condition<V> condition) {
        return filter(Operators.condition(condition, node));
    }

    /// Begins a comparison of a column: `.where(User::country).is("NO")`. A row that fails it deletes its
    /// key.
    public <R> Where<Table<K, V>, R> where(Column<V, R> column) {
        return new Where<>(column, node, this::filter);
    }

    /// Makes another row of each row.
    public <R> Table<K, R> map(Column<V, R> function) {
        return new Table<>(flow, Operators.map(flow, node, function));
    }

    /// Joins the rows of both tables that have the same key. The result moves when either side moves; a key
    /// that one side lacks is left out.
    public <T, R> Table<K, R> join(Table<K, T> other, Pairing<V, T, R> function) {
        return new Table<>(flow, Joins.tables(flow, node, other.node, JoinKind.INNER, function));
    }

    /// As `join`, and keys that only this table has are joined with null.
    public <T, R> Table<K, R> leftJoin(Table<K, T> other, Pairing<V, @Nullable T, R> function) {
        return new Table<>(flow, Joins.tables(flow, node, other.node, JoinKind.LEFT, function));
    }

    /// As `join`, and keys that only one of the tables has are joined with null.
    public <T, R> Table<K, R> outerJoin(Table<K, T> other, Pairing<@Nullable V, @Nullable T, R> function) {
        return new Table<>(flow, Joins.tables(flow, node, other.node, JoinKind.OUTER, function));
    }

    /// Joins each row with the row of another table that a column names. The result moves when either side
    /// moves. The topics may have different numbers of partitions.
    ///
    /// @param foreignKey the key of the other table
    public <L, T, R> Table<K, R> joinVia(Table<L, T> other, Column<V, L> foreignKey, Pairing<V, T, R> function) {
        return new Table<>(flow, Joins.foreignKey(flow, node, other.node, false, foreignKey, function));
    }

    /// As `joinVia`, and rows that find nothing are joined with null.
    ///
    /// @param foreignKey the key of the other table
    public <L, T, R> Table<K, R> leftJoinVia(
            Table<L, T> other, Column<V, L> foreignKey, Pairing<V, @Nullable T, R> function) {
        return new Table<>(flow, Joins.foreignKey(flow, node, other.node, true, foreignKey, function));
    }

    /// Keeps former rows as well, so that a stream is joined with the row that was valid at its own event
    /// time. Directly after `flow.table`.
    ///
    /// @param length how far back, such as `30d`
    public Table<K, V> history(String length) {
        return history(Window.duration(length));
    }

    /// Keeps former rows as well, so that a stream is joined with the row that was valid at its own event
    /// time. Directly after `flow.table`.
    ///
    /// @param length how far back
    public Table<K, V> history(Duration length) {
        if (!(node.stage() instanceof Stage.Source source) || length.toMillis() < 1) {
            throw new PlanRefused(
                    node.path(), "history", "history stands directly after flow.table and is at least 1ms long.");
        }
        Stage.Source kept = source.withHistory(length.toMillis());
        node.become((name, inputs) -> kept.withName(name));
        return this;
    }

    /// Passes on every change, instead of the last one of those that follow each other within a commit.
    /// Directly after `aggregate`, `reduce` or `latest`.
    public Table<K, V> emitUpdates() {
        if (!(node.stage() instanceof Stage.Fold fold)) {
            throw new PlanRefused(
                    node.path(),
                    "emit-updates",
                    "emitUpdates stands directly after aggregate, reduce or latest. Move it there.");
        }
        node.become((name, inputs) -> new Stage.Fold(name, inputs, fold.fold(), true, fold.type()));
        return this;
    }

    /// Passes on a change only once nothing of its key has come for a while, in event time: fewer changes,
    /// later.
    ///
    /// @param quiet a length such as `30s`
    public Table<K, V> settle(String quiet) {
        return settle(Window.duration(quiet));
    }

    /// Passes on a change only once nothing of its key has come for a while, in event time.
    public Table<K, V> settle(Duration quiet) {
        if (quiet.toMillis() < 1) {
            throw new PlanRefused(
                    node.path() + ".settle", "settle", "a table settles for at least 1ms, got " + quiet + ".");
        }
        return new Table<>(
                flow,
                flow.add(new Node(
                        List.of(node),
                        "settle",
                        node.key,
                        node.row,
                        (name, inputs) -> new Stage.Settle(name, inputs, quiet.toMillis()))));
    }

    /// Gives the last operator a name of its own, which its store and changelog carry.
    public Table<K, V> named(String name) {
        Names.checkStage(name, node.path());
        node.named(name);
        return this;
    }

    /// Says in the plan what the last operator is for.
    public Table<K, V> explain(String text) {
        node.explained(text);
        return this;
    }

    /// Appends every change to a topic; a deleted key is a null.
    public void to(String topic) {
        Operators.sink(flow, node, topic, false);
    }

    /// Writes the table into a compacted topic.
    public void toTable(String topic) {
        Operators.sink(flow, node, topic, true);
    }

    Node node() {
        return node;
    }

    private Table<K, V> filter(Expr expr) {
        return new Table<>(flow, Operators.filter(flow, node, expr));
    }
}

package io.weir.streams.dsl;

import org.jspecify.annotations.Nullable;

/// One final row per key and window, or with [#emitUpdates()] the result so far after every row.
///
/// In a topic it is keyed by [WindowKey], carries the last millisecond of its window as timestamp, and lies
/// in the partition of the key within the window.
///
/// @param <K> the key within a window
/// @param <V> the row
public final class Windowed<K, V> {
    private final Flow flow;
    private final Node node;

    Windowed(Flow flow, Node node) {
        this.flow = flow;
        this.node = node;
    }

    /// Lets pass the rows for which the condition holds.
    public Windowed<K, V> where(Condition<V> condition) {
        return filter(Operators.condition(condition, node));
    }

    /// Begins a comparison of a column: `.where(Sum::n).ge(10L)`.
    public <R> Where<Windowed<K, V>, R> where(Column<V, R> column) {
        return new Where<>(column, node, this::filter);
    }

    /// Makes another row of each row.
    public <R> Windowed<K, R> map(Column<V, R> function) {
        return new Windowed<>(flow, Operators.map(flow, node, function));
    }

    /// Joins each row with the present row of the table that has the key within the window. No row travels.
    /// Rows without a match are left out.
    public <T, R> Windowed<K, R> join(Table<K, T> table, Joiner<K, V, T, R> function) {
        return new Windowed<>(flow, Joins.streamTable(flow, node, table.node(), false, function));
    }

    /// Joins each row with the present row of the table that has the key within the window, or with null.
    public <T, R> Windowed<K, R> leftJoin(Table<K, T> table, Joiner<K, V, @Nullable T, R> function) {
        return new Windowed<>(flow, Joins.streamTable(flow, node, table.node(), true, function));
    }

    /// Passes on one row per key and window, when the window has closed. So it is unless [#emitUpdates()] is
    /// said. Directly after the fold.
    public Windowed<K, V> finals() {
        return emitting(false);
    }

    /// Passes on the result so far with every row, instead of one final. Each row replaces the one before
    /// of its key and window; a session that has become part of another is deleted. Directly after the
    /// fold.
    public Windowed<K, V> emitUpdates() {
        return emitting(true);
    }

    /// Gives the last operator a name of its own, which its state and internal topics carry.
    public Windowed<K, V> named(String name) {
        Names.checkStage(name, node.path());
        node.named(name);
        return this;
    }

    /// Says in the plan what the last operator is for.
    public Windowed<K, V> explain(String text) {
        node.explained(text);
        return this;
    }

    /// Appends every final row to a topic.
    public void to(String topic) {
        Operators.sink(flow, node, topic, false);
    }

    /// Writes the final rows into a compacted topic, the latest per key and window.
    public void toTable(String topic) {
        Operators.sink(flow, node, topic, true);
    }

    private Windowed<K, V> emitting(boolean updates) {
        if (!(node.stage() instanceof Stage.WindowFold fold)) {
            throw new PlanRefused(
                    node.path(),
                    "emit-updates",
                    "finals and emitUpdates stand directly after the fold of a window. Move them there.");
        }
        node.become((name, inputs) -> new Stage.WindowFold(
                name, inputs, fold.window(), fold.graceMillis(), fold.late(), fold.fold(), updates, fold.type()));
        return this;
    }

    private Windowed<K, V> filter(Expr expr) {
        return new Windowed<>(flow, Operators.filter(flow, node, expr));
    }
}

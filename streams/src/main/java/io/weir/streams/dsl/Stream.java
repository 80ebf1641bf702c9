package io.weir.streams.dsl;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Rows that keep coming, each with a key. Every operator gives a new stream; the same stream may feed
/// several.
///
/// @param <K> the key
/// @param <V> the row
public final class Stream<K, V> {
    private final Flow flow;
    private final Node node;

    Stream(Flow flow, Node node) {
        this.flow = flow;
        this.node = node;
    }

    /// Takes the time of a row from a column instead of the record's timestamp. Directly after a source
    /// only.
    public Stream<K, V> eventTime(Column<V, Instant> time) {
        if (!(node.stage() instanceof Stage.Source source) || source.eventTime() != null) {
            throw new PlanRefused(
                    node.path(), "event-time", "eventTime stands once, directly after a source. Move it there.");
        }
        Expr expr = Lambda.of(time).expr(node.row);
        node.become((name, inputs) ->
                new Stage.Source(name, source.topic(), source.table(), source.key(), source.type(), expr));
        return this;
    }

    /// Lets pass the rows for which the condition holds.
    public Stream<K, V> where(Condition<V> condition) {
        return filter(Operators.condition(condition, node));
    }

    /// Begins a comparison of a column: `.where(Click::type).is("click")`.
    public <R> Where<Stream<K, V>, R> where(Column<V, R> column) {
        return new Where<>(column, node, this::filter);
    }

    /// Makes another row of each row. Key and partition stay.
    public <R> Stream<K, R> map(Column<V, R> function) {
        return new Stream<>(flow, Operators.map(flow, node, function));
    }

    /// Gives each row a new key. Rows travel through an internal topic to the partition of their new key
    /// where a later operator needs all rows of a key together. A row whose new key is null goes to the
    /// dead letter topic.
    public <R> Stream<R, V> keyBy(Column<V, R> key) {
        return new Stream<>(flow, Operators.keyBy(flow, node, key, false));
    }

    /// Says that the records are keyed by this column already, so that nothing has to travel. The claim is
    /// checked for every row: one with another key, or in another partition than its key belongs to, goes
    /// to the dead letter topic.
    public <R> Stream<R, V> keyedBy(Column<V, R> key) {
        return new Stream<>(flow, Operators.keyBy(flow, node, key, true));
    }

    /// Groups the rows of each key into windows of event time.
    public WindowGroup<K, V> window(Window window) {
        return new WindowGroup<>(flow, node, window);
    }

    /// Joins each row with the present row of the table that has the same key. Rows without one are left
    /// out.
    public <T, R> Stream<K, R> join(Table<K, T> table, Joiner<K, V, T, R> function) {
        return new Stream<>(flow, Operators.join(flow, node, table.node(), false, function));
    }

    /// Joins each row with the present row of the table that has the same key, or with null.
    public <T, R> Stream<K, R> leftJoin(Table<K, T> table, Joiner<K, V, @Nullable T, R> function) {
        return new Stream<>(flow, Operators.join(flow, node, table.node(), true, function));
    }

    /// Gives the last operator a name of its own, which its state and internal topics carry.
    public Stream<K, V> named(String name) {
        Names.checkStage(name, node.path());
        node.named(name);
        return this;
    }

    /// Appends every row to a topic.
    public void to(String topic) {
        Operators.sink(flow, node, topic, false);
    }

    /// Writes the rows as the latest per key into a compacted topic.
    public void toTable(String topic) {
        Operators.sink(flow, node, topic, true);
    }

    private Stream<K, V> filter(Expr expr) {
        return new Stream<>(
                flow,
                flow.add(new Node(
                        List.of(node),
                        "where",
                        node.key,
                        node.row,
                        (name, inputs) -> new Stage.Filter(name, inputs, expr))));
    }
}

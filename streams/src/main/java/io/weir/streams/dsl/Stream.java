package io.weir.streams.dsl;

import java.time.Instant;
import java.util.ArrayList;
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
        Stage.Source timed = source.withEventTime(expr);
        node.become((name, inputs) -> timed.withName(name));
        return this;
    }

    /// Says how the values of the topic are written, if not in JSON. Directly after a source only.
    public Stream<K, V> as(Format format) {
        Operators.as(node, format);
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

    /// Makes any number of rows of each row. Key and partition stay.
    ///
    /// @param type the new rows
    /// @param function what a row becomes: a list, maybe an empty one
    public <R> Stream<K, R> flatMap(Class<R> type, Column<V, ? extends Iterable<R>> function) {
        return new Stream<>(flow, Operators.flatMap(flow, node, type, function));
    }

    /// Gives a column another value in each row: `.set(Click::type, "click")`.
    public <R> Stream<K, V> set(Column<V, R> column, R constant) {
        return new Stream<>(flow, Selections.set(flow, node, column, Constant.of(constant, node.path() + ".set")));
    }

    /// Gives a column in each row the value of another column, or a computed one.
    public <R> Stream<K, V> setFrom(Column<V, R> column, Column<V, R> value) {
        return new Stream<>(
                flow, Selections.set(flow, node, column, Lambda.of(value).expr(node.row)));
    }

    /// Keeps these columns and makes the others null. None of the others may be a primitive.
    @SafeVarargs
    public final Stream<K, V> only(Column<V, ?>... columns) {
        return new Stream<>(flow, Selections.only(flow, node, List.of(columns)));
    }

    /// Keeps the columns that a smaller record names.
    ///
    /// @param type a record; each of its components has the name and type of one of this row's
    public <R> Stream<K, R> only(Class<R> type) {
        return new Stream<>(flow, Selections.only(flow, node, type));
    }

    /// Runs an operator of the job's own on each row, with state and timers. It may give rows other keys;
    /// put `keyBy` behind it where a later operator needs the rows of a key together.
    ///
    /// @param key of the rows it passes on
    /// @param row the rows it passes on
    public <L, R> Stream<L, R> through(Step<K, V, L, R> step, Class<L> key, Class<R> row) {
        return new Stream<>(flow, Operators.through(flow, node, step, key, row));
    }

    /// Parts the stream: each row takes the first arm whose condition holds.
    public Branches<K, V> branch(String name, Condition<V> condition) {
        return new Branches<K, V>(flow, node).branch(name, condition);
    }

    /// The rows of this and of other streams as one stream. Only rows of the same input keep their order.
    @SafeVarargs
    public final Stream<K, V> merge(Stream<K, V>... others) {
        List<Node> nodes = new ArrayList<>();
        for (Stream<K, V> other : others) {
            nodes.add(other.node);
        }
        return new Stream<>(flow, Operators.merge(flow, node, nodes));
    }

    /// Gives each row a new key. Rows travel through an internal topic to the partition of their new key
    /// where a later operator needs all rows of a key together. A row whose new key is null goes to the
    /// dead letter topic.
    public <R> Stream<R, V> keyBy(Column<V, R> key) {
        return new Stream<>(flow, Operators.keyBy(flow, node, key, false));
    }

    /// Gives each row a key of two parts.
    public <A, B> Stream<Pair<A, B>, V> keyBy(Column<V, A> first, Column<V, B> second) {
        return new Stream<>(flow, Operators.keyBy(flow, node, first, second));
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

    /// Folds all rows of each key into one row of a table, for ever.
    ///
    /// @param type a record; each of its components is computed by the aggregate of that name
    @SafeVarargs
    public final <R> Table<K, R> aggregate(Class<R> type, Aggregate<? super V>... aggregates) {
        return folded("aggregate", Foldings.columns(node, "aggregate", type, List.of(aggregates)));
    }

    /// Folds all rows of each key into one value of a table, by code of the job.
    public <A> Table<K, A> aggregate(Initial<A> initial, Folder<K, V, A> fold) {
        return folded("aggregate", Foldings.code(node, "aggregate", initial, fold, null));
    }

    /// Makes one row of all rows of each key, two by two, in a table.
    public Table<K, V> reduce(Reducer<V> function) {
        return folded("reduce", Foldings.reduce(node, function));
    }

    /// The row with the greatest event time of each key, as a table.
    public Table<K, V> latest() {
        return folded("latest", Foldings.latest(node));
    }

    /// Joins each row with the present row of the table that has the same key. Rows without one are left
    /// out.
    public <T, R> Stream<K, R> join(Table<K, T> table, Joiner<K, V, T, R> function) {
        return new Stream<>(flow, Joins.streamTable(flow, node, table.node(), false, function));
    }

    /// Joins each row with the present row of the table that has the same key, or with null.
    public <T, R> Stream<K, R> leftJoin(Table<K, T> table, Joiner<K, V, @Nullable T, R> function) {
        return new Stream<>(flow, Joins.streamTable(flow, node, table.node(), true, function));
    }

    /// Joins the rows of two streams that have the same key and lie close together in event time, each pair
    /// once. A pair has the greater of the two times. Both sides count event time together; a row that lies
    /// behind it by more than the grace is late.
    public <T, R> Stream<K, R> join(Stream<K, T> other, Within within, Joiner<K, V, T, R> function) {
        return new Stream<>(flow, Joins.streams(flow, node, other.node, JoinKind.INNER, within, function));
    }

    /// As `join`, and each row of this side that finds no match is joined with null, once none can come any
    /// more.
    public <T, R> Stream<K, R> leftJoin(Stream<K, T> other, Within within, Joiner<K, V, @Nullable T, R> function) {
        return new Stream<>(flow, Joins.streams(flow, node, other.node, JoinKind.LEFT, within, function));
    }

    /// As `join`, and each row of either side that finds no match is joined with null, once none can come
    /// any more.
    public <T, R> Stream<K, R> outerJoin(
            Stream<K, T> other, Within within, Joiner<K, @Nullable V, @Nullable T, R> function) {
        return new Stream<>(flow, Joins.streams(flow, node, other.node, JoinKind.OUTER, within, function));
    }

    /// Joins each row with the present row of a global table, looked up by any key. Rows without one are
    /// left out.
    ///
    /// @param key what to look up; null finds nothing
    public <L, T, R> Stream<K, R> joinGlobal(
            GlobalTable<L, T> table, Column<V, L> key, Joiner<@Nullable K, V, T, R> function) {
        return new Stream<>(flow, Joins.global(flow, node, table.node(), false, key, function));
    }

    /// Joins each row with the present row of a global table, or with null.
    ///
    /// @param key what to look up; null finds nothing
    public <L, T, R> Stream<K, R> leftJoinGlobal(
            GlobalTable<L, T> table, Column<V, L> key, Joiner<@Nullable K, V, @Nullable T, R> function) {
        return new Stream<>(flow, Joins.global(flow, node, table.node(), true, key, function));
    }

    /// Gives the last operator a name of its own, which its state and internal topics carry.
    public Stream<K, V> named(String name) {
        Names.checkStage(name, node.path());
        node.named(name);
        return this;
    }

    /// Says in the plan what the last operator is for.
    public Stream<K, V> explain(String text) {
        node.explained(text);
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

    Node node() {
        return node;
    }

    private Stream<K, V> filter(Expr expr) {
        return new Stream<>(flow, Operators.filter(flow, node, expr));
    }

    private <R> Table<K, R> folded(String operator, Foldings fold) {
        return new Table<>(flow, Operators.fold(flow, node, operator, fold.folding(), fold.type()));
    }
}

package io.weir.streams.dsl;

import java.util.List;

/// The rows of each key and window, waiting to be folded.
///
/// @param <K> the key
/// @param <V> the row
public final class WindowGroup<K, V> {
    private final Flow flow;
    private final Node node;
    private final Window window;

    WindowGroup(Flow flow, Node node, Window window) {
        this.flow = flow;
        this.node = node;
        this.window = window;
    }

    /// Folds the rows of each key and window into one row, and passes it on once, when the window has
    /// closed.
    ///
    /// @param type a record; each of its components is computed by the aggregate of that name
    @SafeVarargs
    public final <R> Windowed<K, R> aggregate(Class<R> type, Aggregate<? super V>... aggregates) {
        String path = node.path() + ".window";
        RowType row = RowType.of(type, path);
        List<Stage.FoldColumn> fold = Aggregate.bind(List.of(aggregates), type, node.row, path);
        Operators.needsKey(node);
        return new Windowed<>(
                flow,
                flow.add(new Node(
                        List.of(node),
                        "window",
                        node.key,
                        row,
                        (name, inputs) -> new Stage.WindowFold(
                                name,
                                inputs,
                                window.sizeMillis(),
                                window.graceMillis(),
                                window.lateTopic(),
                                fold,
                                row))));
    }
}

package io.weir.streams.dsl;

import java.util.List;

/// The rows of each key and window, waiting to be folded into one, which is passed on once, when the window
/// has closed.
///
/// @param <K> the key
/// @param <V> the row
public final class WindowGroup<K, V> {
    private static final String OPERATOR = "window";

    private final Flow flow;
    private final Node node;
    private final Window window;

    WindowGroup(Flow flow, Node node, Window window) {
        this.flow = flow;
        this.node = node;
        this.window = window;
    }

    /// Computes the components of a record, each by the aggregate of its name.
    @SafeVarargs
    public final <R> Windowed<K, R> aggregate(Class<R> type, Aggregate<? super V>... aggregates) {
        return folded(Foldings.columns(node, OPERATOR, type, List.of(aggregates)));
    }

    /// Folds by code of the job. For sessions say how to merge as well.
    public <A> Windowed<K, A> aggregate(Initial<A> initial, Folder<K, V, A> fold) {
        if (window.shape() instanceof WindowShape.Session) {
            throw new PlanRefused(
                    node.path() + "." + OPERATOR,
                    "merge-missing",
                    "sessions that meet become one. Say how: aggregate(initial, fold, merge).");
        }
        return folded(Foldings.code(node, OPERATOR, initial, fold, null));
    }

    /// Folds by code of the job.
    ///
    /// @param merge makes one of two sessions that have met
    public <A> Windowed<K, A> aggregate(Initial<A> initial, Folder<K, V, A> fold, Merger<K, A> merge) {
        return folded(Foldings.code(node, OPERATOR, initial, fold, merge));
    }

    /// Makes one row of two, again and again.
    public Windowed<K, V> reduce(Reducer<V> function) {
        return folded(Foldings.reduce(node, function));
    }

    /// The row with the greatest event time.
    public Windowed<K, V> latest() {
        return folded(Foldings.latest(node));
    }

    private <R> Windowed<K, R> folded(Foldings fold) {
        return new Windowed<>(flow, Operators.windowFold(flow, node, window, fold.folding(), fold.type()));
    }
}

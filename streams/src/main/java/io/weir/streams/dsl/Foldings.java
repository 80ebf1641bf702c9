package io.weir.streams.dsl;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes a [Folding] and the type of its result from what a job has written.
///
/// @param type the result
record Foldings(Folding folding, RowType type) {
    static Foldings columns(Node node, String operator, Class<?> type, List<? extends Aggregate<?>> aggregates) {
        String path = node.path() + "." + operator;
        RowType row = RowType.of(type, path);
        return new Foldings(new Folding.Columns(Aggregate.bind(aggregates, type, node.row, path)), row);
    }

    static Foldings code(
            Node node, String operator, Initial<?> initial, Folder<?, ?, ?> fold, @Nullable Merger<?, ?> merge) {
        Lambda begin = Lambda.of(initial);
        RowType type = RowType.of(begin.resultType(), node.path() + "." + operator);
        Folding.Code code = new Folding.Code(
                begin.opaque(),
                Lambda.of(fold).opaque(),
                merge == null ? null : Lambda.of(merge).opaque());
        return new Foldings(code, type);
    }

    static Foldings reduce(Node node, Reducer<?> function) {
        return new Foldings(new Folding.Reduce(Lambda.of(function).opaque()), node.row);
    }

    static Foldings latest(Node node) {
        return new Foldings(new Folding.Latest(), node.row);
    }
}

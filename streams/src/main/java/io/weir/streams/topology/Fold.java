package io.weir.streams.topology;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.streams.dsl.Folding;
import io.weir.streams.dsl.RowType;
import org.jspecify.annotations.Nullable;

/// Makes one row of many. What it keeps in between, per key or per key and window, is a few bytes of JSON.
/// Thread-safe.
interface Fold {
    /// The state after one more row.
    ///
    /// @param state the state before, null for the first row; not changed
    byte[] add(byte @Nullable [] state, Object key, Object row, long timeMillis);

    /// The state of two sessions that have met.
    byte[] merge(Object key, byte[] earlier, byte[] later);

    /// The folded row.
    Object result(byte[] state);

    /// @param stage for errors
    /// @param type the result
    static Fold of(String stage, Folding folding, RowType type, ObjectMapper json) {
        return switch (folding) {
            case Folding.Columns columns -> new ColumnsFold(stage, columns, type.javaClass(), json);
            case Folding.Code code -> new CodeFold(stage, code, new RowFormat(type, json));
            case Folding.Reduce reduce -> new ReduceFold(stage, reduce, new RowFormat(type, json));
            case Folding.Latest latest -> new LatestFold(new RowFormat(type, json));
        };
    }
}

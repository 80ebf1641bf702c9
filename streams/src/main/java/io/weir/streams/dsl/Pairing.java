package io.weir.streams.dsl;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// Makes one row of two rows of tables. Opaque to the plan.
///
/// @param <V> the row of the left table; null only in an `outerJoin`
/// @param <T> the row of the other table; null only in a `leftJoin` or `outerJoin`
/// @param <R> the result
@FunctionalInterface
public interface Pairing<V extends @Nullable Object, T extends @Nullable Object, R> extends Serializable {
    R of(V row, T match);
}

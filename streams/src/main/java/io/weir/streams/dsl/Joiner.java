package io.weir.streams.dsl;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// Makes one row of a row and its match. Opaque to the plan.
///
/// @param <K> the key that both share; null only in a `leftJoin` of a row without a key
/// @param <V> the row of the stream; null only in an `outerJoin` without a match
/// @param <T> the row of the other side; null only in a `leftJoin` or `outerJoin` without a match
/// @param <R> the result
@FunctionalInterface
public interface Joiner<K extends @Nullable Object, V extends @Nullable Object, T extends @Nullable Object, R>
        extends Serializable {
    R join(K key, V row, T match);
}

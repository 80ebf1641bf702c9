package io.weir.streams.dsl;

import java.io.Serializable;

/// Takes one more row into a fold. Opaque to the plan. Gives a new value and leaves the old one as it is.
///
/// @param <K> the key
/// @param <V> the row
/// @param <A> what is folded into
@FunctionalInterface
public interface Folder<K, V, A> extends Serializable {
    A of(K key, V row, A folded);
}

package io.weir.streams.dsl;

import java.io.Serializable;

/// Makes one of two folds whose sessions have met. Opaque to the plan.
///
/// @param <K> the key
/// @param <A> what is folded into
@FunctionalInterface
public interface Merger<K, A> extends Serializable {
    /// @param earlier of the session that began first
    A of(K key, A earlier, A later);
}

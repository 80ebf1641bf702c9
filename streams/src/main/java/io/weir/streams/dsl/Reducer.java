package io.weir.streams.dsl;

import java.io.Serializable;

/// Makes one row of two. Opaque to the plan. The order of its arguments is the order of arrival, or that of
/// sessions which meet; it should not matter.
///
/// @param <V> the row
@FunctionalInterface
public interface Reducer<V> extends Serializable {
    V of(V one, V other);
}

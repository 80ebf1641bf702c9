package io.weir.streams.dsl;

/// A yes or no about one row; the opaque form of `where`. A column of type `boolean` is one as well, and
/// stays visible to the plan.
///
/// @param <V> the row
@FunctionalInterface
public interface Condition<V> extends Column<V, Boolean> {}

package io.weir.streams.dsl;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// A value computed from one row. Written as a method reference to a record component (`Click::amount`) it
/// is a column that a plan can show, compare and push down; any other lambda works too and is [Opaque] to
/// the plan.
///
/// Must be free of side effects and give equal results for equal rows: a replay calls it again.
///
/// @param <V> the row
/// @param <R> the value; may be null
@FunctionalInterface
public interface Column<V, R extends @Nullable Object> extends Serializable {
    R of(V row);
}

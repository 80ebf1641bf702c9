package io.weir.streams.dsl;

import java.io.Serializable;

/// What a fold begins with. Opaque to the plan.
///
/// @param <A> what is folded into: a record, or a plain value; kept as JSON
@FunctionalInterface
public interface Initial<A> extends Serializable {
    A of();
}

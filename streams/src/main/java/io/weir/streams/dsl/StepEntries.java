package io.weir.streams.dsl;

import org.jspecify.annotations.Nullable;

/// The entries of a [StepStore].
public interface StepEntries<A, B> {
    /// The value of a key, or null.
    @Nullable
    B get(A key);

    /// Gives a key a value.
    ///
    /// @return the value before, or null
    @Nullable
    B put(A key, B value);

    /// Takes a key out.
    ///
    /// @return its value, or null
    @Nullable
    B remove(A key);
}

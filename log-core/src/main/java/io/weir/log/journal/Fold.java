package io.weir.log.journal;

import org.jspecify.annotations.Nullable;

/// The one way a journal's state changes. Pure: the same entries in the same order give the same state on every
/// node and after every restart, so it looks at nothing but its arguments and never changes the state it was
/// given.
///
/// @param <S> an immutable type, as states are read by any thread while the next one is computed
@FunctionalInterface
public interface Fold<S> {
    /// The state after one entry. An entry that a newer version has written and this one does not understand must
    /// be skipped, not refused: an exception here ends the journal for good.
    ///
    /// @param value null means that the key was deleted
    S apply(S state, String key, byte @Nullable [] value);
}

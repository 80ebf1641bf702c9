package io.weir.log.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a handler wants written, and what its caller gets once that is so.
///
/// @param entries written in this order in one transaction, all or none; empty when nothing changes
/// @param history what the journal's history topic is told in the same transaction; nothing without entries
public record Decision<R extends @Nullable Object>(List<Entry> entries, R result, List<Entry> history) {
    public Decision {
        entries = List.copyOf(entries);
        history = List.copyOf(history);
    }

    /// A decision that leaves nothing to a history.
    public Decision(List<Entry> entries, R result) {
        this(entries, result, List.of());
    }

    /// The same, with something for the history.
    public Decision<R> told(List<Entry> what) {
        return new Decision<>(entries, result, what);
    }

    /// The state stays as it is.
    public static <R extends @Nullable Object> Decision<R> unchanged(R result) {
        return new Decision<>(List.of(), result);
    }
}

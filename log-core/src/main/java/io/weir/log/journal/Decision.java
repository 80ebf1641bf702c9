package io.weir.log.journal;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// What a handler wants written, and what its caller gets once that is so.
///
/// @param entries written in this order in one transaction, all or none; empty when nothing changes
public record Decision<R extends @Nullable Object>(List<Entry> entries, R result) {
    public Decision {
        entries = List.copyOf(entries);
    }

    /// The state stays as it is.
    public static <R extends @Nullable Object> Decision<R> unchanged(R result) {
        return new Decision<>(List.of(), result);
    }
}

package io.weir.tiered.archive;

import java.util.Optional;
import java.util.Set;

/// The data files that tables point to.
@FunctionalInterface
public interface LiveDataFiles {
    /// Paths relative to the cluster's folder, as sidecars list them, of every file in any snapshot that a table
    /// still has; empty when that cannot be told. Asked for *before* the store is listed, in each pass.
    Optional<Set<String>> paths();

    /// Folders of the tables that there are, relative to the cluster's folder; empty when that cannot be told. Asked
    /// for
    /// at the same time.
    default Optional<Set<String>> folders() {
        return Optional.empty();
    }
}

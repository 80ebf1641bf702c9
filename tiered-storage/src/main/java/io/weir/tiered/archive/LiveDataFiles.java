package io.weir.tiered.archive;

import java.util.Optional;
import java.util.Set;

/// The data files that tables point to.
@FunctionalInterface
public interface LiveDataFiles {
    /// Paths relative to the cluster's folder, as sidecars list them, of every file in any snapshot that a table
    /// still has; empty when that cannot be told. Asked for *before* the store is listed, in each pass.
    Optional<Set<String>> paths();
}

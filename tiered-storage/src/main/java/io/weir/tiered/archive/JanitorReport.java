package io.weir.tiered.archive;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// What the last pass of the janitor found and did.
///
/// @param at when it was
/// @param objects looked at
/// @param orphans found and still there
/// @param deleted paths below the root
/// @param deletesFrom before it nothing is deleted
/// @param refused why the pass judged nothing; then the rest is of the pass before
public record JanitorReport(
        Instant at,
        long objects,
        List<Orphan> orphans,
        List<String> deleted,
        Instant deletesFrom,
        Optional<String> refused) {
    public JanitorReport {
        orphans = List.copyOf(orphans);
        deleted = List.copyOf(deleted);
    }
}

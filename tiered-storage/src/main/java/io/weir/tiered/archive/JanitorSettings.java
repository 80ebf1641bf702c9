package io.weir.tiered.archive;

import java.time.Duration;

/// @param leastAge younger objects may belong to a copy under way
/// @param apart an orphan is deleted by a pass that comes so long after the one that saw it first
/// @param dryRun for so long after its first pass over an archive the janitor only tells
public record JanitorSettings(Duration leastAge, Duration apart, Duration dryRun) {
    public static final JanitorSettings DEFAULT =
            new JanitorSettings(Duration.ofHours(24), Duration.ofHours(1), Duration.ofDays(7));
}

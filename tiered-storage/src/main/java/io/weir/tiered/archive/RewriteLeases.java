package io.weir.tiered.archive;

import java.util.UUID;

/// Who replaces the sidecars of a topic: one process at a time, whoever else believes to be the committer. Stores
/// cannot tell two writers of one object apart. Safe for use by any thread.
@FunctionalInterface
public interface RewriteLeases {
    /// Where there is one process only.
    RewriteLeases ALONE = topicId -> true;

    /// Takes a topic, or keeps it, for longer than a put may take.
    ///
    /// @return false when another process has it
    boolean take(UUID topicId);
}

package io.weir.tiered.archive;

import java.util.List;
import java.util.Optional;

/// A verification as far as it has come.
///
/// @param id names it
/// @param topic empty: every topic that has something archived
/// @param segments to look at
/// @param segmentsDone looked at
/// @param records in the batches looked at
/// @param comparedRecords of them held against the local log
/// @param tableRows in the topics' tables, which must be the segments'
/// @param unverified segments and tables about which nothing can be said, with the reason: the store did not answer
public record Verification(
        String id,
        Optional<String> topic,
        VerifyLevel level,
        State state,
        int segments,
        int segmentsDone,
        long records,
        long comparedRecords,
        long tableRows,
        List<Finding> findings,
        List<String> unverified) {
    public Verification {
        findings = List.copyOf(findings);
        unverified = List.copyOf(unverified);
    }

    /// Whether it goes on, and how it ended.
    public enum State {
        RUNNING,
        /// Everything is as it must be.
        CLEAN,
        /// Something is not.
        FINDINGS,
        /// Nothing was found, and not everything could be looked at.
        INCOMPLETE
    }
}

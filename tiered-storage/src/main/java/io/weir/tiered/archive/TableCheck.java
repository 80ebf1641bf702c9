package io.weir.tiered.archive;

import java.util.List;

/// Holds topics' tables against the archive, for a verification.
public interface TableCheck {
    /// What is to be said of one table.
    ///
    /// @param rows that the table has
    record Verdict(long rows, List<Finding> findings) {
        public static final Verdict NOTHING = new Verdict(0, List.of());

        public Verdict {
            findings = List.copyOf(findings);
        }
    }

    /// A topic without a table has no findings: it gets one with its first commit.
    ///
    /// @throws NoSuchTopicException there is no such topic
    /// @throws RuntimeException catalog, store or log did not answer: nothing is said about the table
    Verdict check(String topic, VerifyLevel level);
}

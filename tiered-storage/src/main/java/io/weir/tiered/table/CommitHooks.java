package io.weir.tiered.table;

import io.weir.tiered.failpoint.Failpoint;

/// Where a test lets a commit die. What it throws ends the pass as a halt would.
interface CommitHooks {
    CommitHooks NONE = new CommitHooks() {};

    /// What a node of its own process is told by its environment.
    CommitHooks FAILPOINTS = new CommitHooks() {
        @Override
        public void beforeCommit(String topic) {
            Failpoint.BEFORE_COMMIT.reach();
        }

        @Override
        public void afterCommit(String topic) {
            Failpoint.AFTER_COMMIT.reach();
        }
    };

    /// Files are ready, nothing is in the table.
    default void beforeCommit(String topic) {}

    /// The commit is in, nobody here knows yet.
    default void afterCommit(String topic) {}
}

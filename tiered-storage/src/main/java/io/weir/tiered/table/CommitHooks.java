package io.weir.tiered.table;

/// Where a test lets a commit die. What it throws ends the pass as a halt would.
interface CommitHooks {
    CommitHooks NONE = new CommitHooks() {};

    /// Files are ready, nothing is in the table.
    default void beforeCommit(String topic) {}

    /// The commit is in, nobody here knows yet.
    default void afterCommit(String topic) {}
}

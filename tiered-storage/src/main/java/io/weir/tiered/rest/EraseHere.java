package io.weir.tiered.rest;

import io.weir.tiered.archive.EraseRequest;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/// Where records are taken out of log and table, once this node's log runs.
public interface EraseHere {
    /// What the records have in common.
    sealed interface Condition {
        /// A condition of SQL over the topic's columns.
        record Where(String sql) implements Condition {}

        /// The record's key, as UTF-8.
        record Key(String key) implements Condition {}
    }

    /// Starts one; it goes on by itself.
    ///
    /// @throws io.weir.log.fault.WeirException `archive-starting` (503), `topic-not-found`,
    ///     `archive-classic`,
    ///     or why the topic cannot be archived
    EraseRequest start(String topic, Condition condition);

    /// One that this node has heard of.
    Optional<EraseRequest> find(UUID id);

    /// All that this node has heard of, the newest first.
    List<EraseRequest> all();
}

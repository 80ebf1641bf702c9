package io.weir.tiered.rest;

import io.weir.tiered.query.SqlEngine;

/// SQL on this node, for the resources.
public interface SqlRole {
    /// @throws io.weir.log.fault.WeirException `sql-role-absent` (404), `sql-not-ready` (503) while the node starts,
    ///     or why SQL could not be started
    SqlEngine engine();
}

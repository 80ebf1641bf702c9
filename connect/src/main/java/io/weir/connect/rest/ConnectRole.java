package io.weir.connect.rest;

import io.weir.connect.worker.ConnectApi;

/// Whether this node runs connectors, and its API if so. Made by `connect.wiring`.
public interface ConnectRole {
    /// The API of this node's worker.
    ///
    /// @throws io.weir.log.fault.WeirException `connect-role-absent` (404) on a node without the role
    ConnectApi api();
}

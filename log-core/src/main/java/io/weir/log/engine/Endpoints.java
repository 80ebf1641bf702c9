package io.weir.log.engine;

import java.util.Optional;

/// Where a running node answers.
///
/// @param clusterId drawn at random by the founder, the same on every node
/// @param nodeId at least 1
/// @param kafka `host:port` for Kafka clients; empty on a node without the role `broker`
/// @param controller `host:port` for the quorum; empty on a node without the role `controller`
public record Endpoints(String clusterId, int nodeId, Optional<String> kafka, Optional<String> controller) {
    /// The address to give to a Kafka client.
    ///
    /// @throws IllegalStateException on a node without the role `broker`
    public String bootstrapServers() {
        return kafka.orElseThrow(
                () -> new IllegalStateException("Node " + nodeId + ": it has no broker, so no Kafka address."));
    }
}

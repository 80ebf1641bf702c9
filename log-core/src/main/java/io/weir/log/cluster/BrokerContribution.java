package io.weir.log.cluster;

import java.util.Map;

/// Broker properties that another module needs (the archive's `remote.log.storage.*`). Found as CDI beans and
/// merged below the user's own `kafka.*` settings before the engine starts; two contributions that disagree on a
/// key end the start.
public interface BrokerContribution {
    /// Kafka broker property names and values, without any prefix of Weir's.
    ///
    /// @param node facts a contribution may depend on
    Map<String, String> brokerProperties(NodeFacts node);

    /// @param dataDirectory absolute path of this node's data directory
    /// @param intendedClusterSize `weir.cluster.size`, at least 1
    record NodeFacts(java.nio.file.Path dataDirectory, int intendedClusterSize) {}
}

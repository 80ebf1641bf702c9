package io.weir.log.cluster;

import java.util.HashMap;
import java.util.Map;

/// How a Kafka client reaches the log.
///
/// @param clusterId the Kafka cluster id
/// @param bootstrapServers `host:port[,host:port...]` of a listener for clients
/// @param clientSettings further client settings (security), never `bootstrap.servers`; copied
/// @param replicationFactor what Weir's own topics are created with: `min(3, intended cluster size)`
public record LogConnection(
        String clusterId, String bootstrapServers, Map<String, String> clientSettings, short replicationFactor) {
    public LogConnection {
        clientSettings = Map.copyOf(clientSettings);
    }

    /// A new mutable map with `bootstrap.servers` and the client settings, to be extended by the caller.
    public Map<String, Object> clientProperties() {
        Map<String, Object> properties = new HashMap<>(clientSettings);
        properties.put("bootstrap.servers", bootstrapServers);
        return properties;
    }
}

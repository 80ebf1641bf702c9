package io.weir.log.admin;

import java.util.List;
import java.util.Optional;

/// @param controller the broker id that answers for the controller; empty while none is known
/// @param brokers by id
public record Cluster(String id, Optional<Integer> controller, List<Broker> brokers) {
    public Cluster {
        brokers = List.copyOf(brokers);
    }

    /// @param host as advertised to clients
    public record Broker(int id, String host, int port, Optional<String> rack) {}
}

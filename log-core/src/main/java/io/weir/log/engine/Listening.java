package io.weir.log.engine;

import java.util.Optional;

/// Where a node listens.
///
/// @param host address to bind for Kafka clients and for controllers; loopback unless chosen otherwise
/// @param kafkaPort port for Kafka clients and brokers; 0 = a free one, chosen at the first start and kept
/// @param controllerPort port for the metadata quorum; 0 as above
/// @param advertisedHost the name others reach this node by; empty = `host`
/// @param insecureAllowed whether a bind beyond loopback may go without TLS and authentication
public record Listening(
        String host, int kafkaPort, int controllerPort, Optional<String> advertisedHost, boolean insecureAllowed) {

    static final String LOOPBACK = "127.0.0.1";

    /// Loopback only.
    public static Listening onLoopback(int kafkaPort, int controllerPort) {
        return new Listening(LOOPBACK, kafkaPort, controllerPort, Optional.empty(), false);
    }

    Listening withPorts(int kafka, int controller) {
        return new Listening(host, kafka, controller, advertisedHost, insecureAllowed);
    }

    /// The name others reach this node by.
    public String reachableHost() {
        return advertisedHost.orElse(host);
    }
}

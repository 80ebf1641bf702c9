package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.net.Ports;

/// What may listen where. Beyond loopback a listener needs TLS and authentication, or the explicit word that it
/// may go without.
final class ListenerRules {
    private ListenerRules() {}

    static void check(NodeSettings settings) {
        Listening listening = settings.listening();
        if (Ports.isLoopback(listening.host())) {
            return;
        }
        if (settings.isBroker()) {
            requireGuarded(settings, "Kafka", BrokerProperties.KAFKA);
        }
        if (settings.isController()) {
            requireGuarded(settings, "Controller", BrokerProperties.CONTROLLER);
        }
        if (listening.advertisedHost().isEmpty()) {
            throw new WeirException(
                    "setting-missing",
                    Whose.USER,
                    "Setting 'weir.advertised.host': a node that listens on " + listening.host()
                            + " must be told the name others reach it by, got none.");
        }
    }

    private static void requireGuarded(NodeSettings settings, String name, String listener) {
        String protocol = BrokerProperties.protocol(settings, listener);
        boolean mutual = protocol.equals("SSL")
                && "required"
                        .equals(settings.brokerProperties()
                                .getOrDefault(
                                        "listener.name." + listener.toLowerCase(java.util.Locale.ROOT)
                                                + ".ssl.client.auth",
                                        settings.brokerProperties().getOrDefault("ssl.client.auth", "none")));
        if (!protocol.equals("SASL_SSL") && !mutual && !settings.listening().insecureAllowed()) {
            throw Ports.openListener(
                    name, settings.listening().host(), protocol, "kafka.listener.security.protocol.map with SASL_SSL");
        }
    }
}

package io.weir.log.wiring;

import io.weir.log.cluster.BrokerContribution;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.List;

/// Engine here, or client of a cluster elsewhere. Touches no class of the engine unless the engine is chosen.
final class HostChoice {
    private static final List<String> ENGINE_ROLES = List.of("controller", "broker");

    private HostChoice() {}

    static LogHost choose(LogSettings settings, Iterable<BrokerContribution> contributions) {
        if (settings.external()) {
            return new ClientLogHost(settings.bootstrapServers(), settings.clientProperties());
        }
        List<String> roles = settings.roles();
        if (roles.isEmpty() || roles.stream().anyMatch(ENGINE_ROLES::contains)) {
            return Embedded.host(settings, contributions);
        }
        String peers = String.join(",", settings.words("weir.cluster.join"));
        if (peers.isEmpty()) {
            throw new WeirException(
                    "setting-missing",
                    Whose.USER,
                    "Setting 'weir.cluster.join': the roles " + String.join(",", roles)
                            + " need a cluster to work on, got none. Name a broker (host:port).");
        }
        return new ClientLogHost(peers, settings.clientProperties());
    }

    /// Keeps the virtual machine from loading the engine's host together with this class.
    private static final class Embedded {
        static LogHost host(LogSettings settings, Iterable<BrokerContribution> contributions) {
            return new EmbeddedLogHost(settings, contributions);
        }
    }
}

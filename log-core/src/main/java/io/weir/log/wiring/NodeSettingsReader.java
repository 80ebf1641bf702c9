package io.weir.log.wiring;

import io.weir.log.engine.Durability;
import io.weir.log.engine.KeptChoices;
import io.weir.log.engine.Listening;
import io.weir.log.engine.Membership;
import io.weir.log.engine.NodeSettings;
import io.weir.log.engine.Role;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads what a node must be told from `weir.*` and `kafka.*`.
final class NodeSettingsReader {
    static final Duration SHUTDOWN_TIMEOUT = Duration.ofSeconds(30);
    private static final int KAFKA_PORT = 9092;
    private static final int CONTROLLER_PORT = 9093;

    private NodeSettingsReader() {}

    /// Whether the roles ask for a broker or a controller.
    static boolean wantsEngine(List<String> roles) {
        return roles.isEmpty()
                || Role.parse(roles).stream().anyMatch(role -> role == Role.BROKER || role == Role.CONTROLLER);
    }

    static NodeSettings read(LogSettings settings) {
        KeptChoices kept = KeptChoices.read(settings.dataDirectory());
        Set<Role> roles = settings.roles().isEmpty() ? Role.all() : Role.parse(settings.roles());
        Listening listening = new Listening(
                settings.text("weir.log.host").orElse("127.0.0.1"),
                settings.port("weir.log.port", kept.kafkaPort(), KAFKA_PORT),
                settings.port("weir.log.controller.port", kept.controllerPort(), CONTROLLER_PORT),
                settings.text("weir.advertised.host"),
                settings.flag("weir.insecure.allow"));
        Membership membership = new Membership(
                settings.number("weir.cluster.size").orElse(1),
                settings.words("weir.cluster.join"),
                settings.flag("weir.cluster.found"),
                settings.text("weir.cluster.id"),
                settings.number("weir.cluster.node.id"));
        return new NodeSettings(
                settings.dataDirectory(),
                listening,
                membership,
                roles,
                settings.text("weir.log.durability").map(Durability::parse),
                settings.text("weir.rack"),
                settings.brokerProperties(),
                Map.of(),
                settings.duration("weir.shutdown.timeout", SHUTDOWN_TIMEOUT));
    }
}

package io.weir.log.engine;

import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/// Everything a node must be told. Immutable; `with...` gives a changed copy.
///
/// @param dataDirectory holds `meta` (identity, quorum log, lock) and `log` (records); absolute
/// @param durability the chosen profile, empty = by cluster size
/// @param rack `weir.rack`: where the node stands, for rack-aware placement and fetching
/// @param brokerProperties the user's own Kafka properties (`kafka.*` without the prefix)
/// @param contributions Kafka properties other modules need; the user's win over them
/// @param stopWithin deadline for a stop; the engine gets two thirds of it
public record NodeSettings(
        Path dataDirectory,
        Listening listening,
        Membership membership,
        Set<Role> roles,
        Optional<Durability> durability,
        Optional<String> rack,
        Map<String, String> brokerProperties,
        Map<String, String> contributions,
        Duration stopWithin) {

    static final Duration DEFAULT_STOP = Duration.ofSeconds(30);

    public NodeSettings {
        dataDirectory = dataDirectory.toAbsolutePath().normalize();
        roles = Set.copyOf(roles);
        brokerProperties = Map.copyOf(brokerProperties);
        contributions = Map.copyOf(contributions);
    }

    /// A cluster of one node on loopback, ports 9092 and 9093, every default.
    public static NodeSettings singleNode(Path dataDirectory) {
        return new NodeSettings(
                dataDirectory,
                Listening.onLoopback(9092, 9093),
                Membership.single(),
                EnumSet.of(Role.CONTROLLER, Role.BROKER),
                Optional.empty(),
                Optional.empty(),
                Map.of(),
                Map.of(),
                DEFAULT_STOP);
    }

    /// @param kafka port for Kafka clients, 0 = a free one, kept by later starts
    /// @param controller port for the quorum, 0 likewise
    public NodeSettings withPorts(int kafka, int controller) {
        return withListening(listening.withPorts(kafka, controller));
    }

    /// Sets one Kafka property, as `kafka.<property>` would.
    public NodeSettings with(String kafkaProperty, String value) {
        Map<String, String> more = new HashMap<>(brokerProperties);
        more.put(kafkaProperty, value);
        return withBrokerProperties(more);
    }

    public NodeSettings withBrokerProperties(Map<String, String> properties) {
        return new NodeSettings(
                dataDirectory, listening, membership, roles, durability, rack, properties, contributions, stopWithin);
    }

    /// Kafka properties of another module (the archive's); the user's own win over them.
    public NodeSettings withContributions(Map<String, String> properties) {
        return new NodeSettings(
                dataDirectory,
                listening,
                membership,
                roles,
                durability,
                rack,
                brokerProperties,
                properties,
                stopWithin);
    }

    public NodeSettings withListening(Listening changed) {
        return new NodeSettings(
                dataDirectory,
                changed,
                membership,
                roles,
                durability,
                rack,
                brokerProperties,
                contributions,
                stopWithin);
    }

    public NodeSettings withMembership(Membership changed) {
        return new NodeSettings(
                dataDirectory,
                listening,
                changed,
                roles,
                durability,
                rack,
                brokerProperties,
                contributions,
                stopWithin);
    }

    public NodeSettings withRoles(Set<Role> changed) {
        return new NodeSettings(
                dataDirectory,
                listening,
                membership,
                changed,
                durability,
                rack,
                brokerProperties,
                contributions,
                stopWithin);
    }

    public NodeSettings withDurability(Durability chosen) {
        return new NodeSettings(
                dataDirectory,
                listening,
                membership,
                roles,
                Optional.of(chosen),
                rack,
                brokerProperties,
                contributions,
                stopWithin);
    }

    public NodeSettings withRack(String name) {
        return new NodeSettings(
                dataDirectory,
                listening,
                membership,
                roles,
                durability,
                Optional.of(name),
                brokerProperties,
                contributions,
                stopWithin);
    }

    public NodeSettings withStopWithin(Duration deadline) {
        return new NodeSettings(
                dataDirectory,
                listening,
                membership,
                roles,
                durability,
                rack,
                brokerProperties,
                contributions,
                deadline);
    }

    /// The profile in force.
    public Durability effectiveDurability() {
        return Durability.effective(durability, membership.intendedSize());
    }

    /// The promise's other half: where the quorum log and the identity live.
    Path metaDirectory() {
        return dataDirectory.resolve("meta");
    }

    /// Where records live.
    Path logDirectory() {
        return dataDirectory.resolve("log");
    }

    boolean isController() {
        return roles.contains(Role.CONTROLLER);
    }

    boolean isBroker() {
        return roles.contains(Role.BROKER);
    }

    OptionalInt chosenNodeId() {
        return membership.nodeId();
    }

    List<String> peers() {
        return membership.join();
    }
}

package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.net.Ports;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;

/// The properties a node's engine gets: Weir's defaults, over them what other modules contribute, over them the
/// user's own `kafka.*`, over all what Weir owns.
final class BrokerProperties {
    static final String KAFKA = "KAFKA";
    static final String CONTROLLER = "CONTROLLER";

    private static final String FRAME_LIMIT = "socket.request.max.bytes";
    private static final String REMOTE_STORAGE = "remote.log.storage.system.enable";
    private static final long SEGMENT_BYTES = 256L * 1024 * 1024;
    private static final long HOUR_MILLIS = 60L * 60 * 1000;
    private static final long DAY_MILLIS = 24 * HOUR_MILLIS;

    /// Keys that follow from `weir.*`, with the setting to use instead.
    private static final Map<String, String> OWNED = Map.ofEntries(
            Map.entry("node.id", "weir.cluster.node.id"),
            Map.entry("broker.id", "weir.cluster.node.id"),
            Map.entry("process.roles", "weir.roles"),
            Map.entry("listeners", "weir.log.host, weir.log.port and weir.log.controller.port"),
            Map.entry("advertised.listeners", "weir.advertised.host"),
            Map.entry("controller.listener.names", "weir.log.controller.port"),
            Map.entry("inter.broker.listener.name", "weir.log.host"),
            Map.entry("security.inter.broker.protocol", "kafka.listener.security.protocol.map"),
            Map.entry("log.dir", "weir.data.dir"),
            Map.entry("log.dirs", "weir.data.dir"),
            Map.entry("metadata.log.dir", "weir.data.dir"),
            Map.entry("broker.rack", "weir.rack"));

    private BrokerProperties() {}

    /// @param controllers the quorum's addresses as far as known
    static Properties compose(NodeSettings settings, int nodeId, Listening listening, List<String> controllers) {
        settings.brokerProperties().keySet().forEach(BrokerProperties::requireNotOwned);
        Map<String, String> merged = new TreeMap<>(defaults(settings));
        merged.putAll(settings.contributions());
        merged.putAll(settings.brokerProperties());
        if (Boolean.parseBoolean(merged.get(REMOTE_STORAGE))) {
            remoteStorage(settings).forEach(merged::putIfAbsent);
        }
        merged.putAll(owned(settings, nodeId, listening, controllers));
        Properties properties = new Properties();
        properties.putAll(merged);
        return properties;
    }

    /// The security protocol of a listener as it will be: `PLAINTEXT` unless the user said otherwise.
    static String protocol(NodeSettings settings, String listener) {
        String map = settings.brokerProperties()
                .getOrDefault("listener.security.protocol.map", KAFKA + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        for (String entry : map.split(",", -1)) {
            String[] parts = entry.strip().split(":", 2);
            if (parts.length == 2 && parts[0].equalsIgnoreCase(listener)) {
                return parts[1].toUpperCase(Locale.ROOT);
            }
        }
        return "PLAINTEXT";
    }

    private static void requireNotOwned(String key) {
        Optional<String> instead = key.startsWith("controller.quorum.")
                ? Optional.of("weir.cluster.found and weir.cluster.join")
                : Optional.ofNullable(OWNED.get(key));
        instead.ifPresent(setting -> {
            throw new WeirException(
                    "setting-owned",
                    Whose.USER,
                    "Setting 'kafka." + key + "': Weir sets it itself. Use " + setting + ".");
        });
    }

    private static Map<String, String> defaults(NodeSettings settings) {
        Membership membership = settings.membership();
        String replicas = Short.toString(membership.replicationFactor());
        String minIsr = Integer.toString(membership.minInsyncReplicas());
        String partitions = Integer.toString(membership.internalPartitions());
        Map<String, String> properties = new TreeMap<>();
        properties.put("listener.security.protocol.map", KAFKA + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
        properties.put("default.replication.factor", replicas);
        properties.put("min.insync.replicas", minIsr);
        properties.put("offsets.topic.num.partitions", partitions);
        properties.put("offsets.topic.replication.factor", replicas);
        properties.put("transaction.state.log.num.partitions", partitions);
        properties.put("transaction.state.log.replication.factor", replicas);
        properties.put("transaction.state.log.min.isr", minIsr);
        properties.put("share.coordinator.state.topic.num.partitions", partitions);
        properties.put("share.coordinator.state.topic.replication.factor", replicas);
        properties.put("share.coordinator.state.topic.min.isr", minIsr);
        properties.put("auto.create.topics.enable", Boolean.toString(isPrivate(settings)));
        properties.put("log.retention.ms", "-1");
        properties.put("log.segment.bytes", Long.toString(SEGMENT_BYTES));
        properties.put("log.roll.ms", Long.toString(DAY_MILLIS));
        properties.put("log.message.timestamp.before.max.ms", Long.toString(Long.MAX_VALUE));
        properties.put("log.message.timestamp.after.max.ms", Long.toString(HOUR_MILLIS));
        properties.put(FRAME_LIMIT, Integer.toString(4 * 1024 * 1024));
        properties.put("max.connections.per.ip", "1000");
        // A node that was killed waits for the end of its own old session before it may register again. One that is
        // alone is controller and broker in one process, and its folder's lock proves that the old one is gone.
        boolean alone = membership.intendedSize() == 1;
        properties.put("broker.session.timeout.ms", alone ? "2500" : "6000");
        properties.put("broker.heartbeat.interval.ms", alone ? "500" : "1500");
        properties.put("group.initial.rebalance.delay.ms", alone ? "0" : "3000");
        if (settings.effectiveDurability() == Durability.FSYNC) {
            properties.put("log.flush.interval.messages", "1");
        }
        if (settings.rack().isPresent()) {
            properties.put("replica.selector.class", "org.apache.kafka.common.replica.RackAwareReplicaSelector");
        }
        return properties;
    }

    /// Only this machine reaches the node, and no authentication is configured.
    private static boolean isPrivate(NodeSettings settings) {
        return Ports.isLoopback(settings.listening().host())
                && protocol(settings, KAFKA).equals("PLAINTEXT");
    }

    /// Kafka's topic of remote log metadata defaults to three replicas and ends the process when it cannot create
    /// it within two minutes: neither fits a small or slowly arriving cluster.
    private static Map<String, String> remoteStorage(NodeSettings settings) {
        Membership membership = settings.membership();
        String topic = "rlmm.config.remote.log.metadata.";
        Map<String, String> properties = new TreeMap<>();
        properties.put("remote.log.metadata.manager.listener.name", KAFKA);
        properties.put(topic + "topic.num.partitions", Integer.toString(membership.internalPartitions()));
        properties.put(topic + "topic.replication.factor", Short.toString(membership.replicationFactor()));
        properties.put(topic + "topic.min.isr", Integer.toString(membership.minInsyncReplicas()));
        properties.put(topic + "initialization.retry.max.timeout.ms", Long.toString(Long.MAX_VALUE / 4));
        return properties;
    }

    private static Map<String, String> owned(
            NodeSettings settings, int nodeId, Listening listening, List<String> controllers) {
        Map<String, String> properties = new TreeMap<>();
        properties.put("node.id", Integer.toString(nodeId));
        properties.put("process.roles", roles(settings));
        properties.put("listeners", listeners(settings, listening.host(), listening));
        listening
                .advertisedHost()
                .ifPresent(host -> properties.put("advertised.listeners", listeners(settings, host, listening)));
        properties.put("controller.listener.names", CONTROLLER);
        properties.put("controller.quorum.bootstrap.servers", String.join(",", controllers));
        if (settings.isController()) {
            properties.put("controller.quorum.auto.join.enable", "true");
        }
        if (settings.isBroker()) {
            properties.put("inter.broker.listener.name", KAFKA);
        }
        properties.put("log.dirs", settings.logDirectory().toString());
        properties.put("metadata.log.dir", settings.metaDirectory().toString());
        settings.rack().ifPresent(rack -> properties.put("broker.rack", rack));
        return properties;
    }

    private static String roles(NodeSettings settings) {
        if (settings.isBroker() && settings.isController()) {
            return "broker,controller";
        }
        return settings.isBroker() ? "broker" : "controller";
    }

    private static String listeners(NodeSettings settings, String host, Listening listening) {
        String kafka = KAFKA + "://" + host + ":" + listening.kafkaPort();
        String controller = CONTROLLER + "://" + host + ":" + listening.controllerPort();
        if (settings.isBroker() && settings.isController()) {
            return kafka + "," + controller;
        }
        return settings.isBroker() ? kafka : controller;
    }
}

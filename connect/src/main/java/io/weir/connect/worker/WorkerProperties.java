package io.weir.connect.worker;

import io.weir.log.cluster.LogConnection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// The properties of the Connect worker: Weir's defaults, the log's address, then what the user has set.
///
/// Defaults differ from Kafka Connect's where those suit a separate process on a large cluster; each line says
/// why.
final class WorkerProperties {
    /// Client settings that a connector may override: throughput and reading position, nothing that names a class,
    /// a file or an address (CVE-2023-25194, CVE-2025-27817, CVE-2025-27818).
    private static final List<String> OVERRIDABLE = List.of(
            "acks",
            "batch.size",
            "buffer.memory",
            "compression.type",
            "compression.zstd.level",
            "delivery.timeout.ms",
            "linger.ms",
            "max.request.size",
            "request.timeout.ms",
            "transaction.timeout.ms",
            "auto.offset.reset",
            "fetch.max.bytes",
            "fetch.max.wait.ms",
            "fetch.min.bytes",
            "group.id",
            "isolation.level",
            "max.partition.fetch.bytes",
            "max.poll.interval.ms",
            "max.poll.records",
            "session.timeout.ms");

    private WorkerProperties() {}

    static Map<String, String> of(WorkerSettings settings, LogConnection connection) {
        Map<String, String> properties = new LinkedHashMap<>();
        connectTo(connection, properties);
        internalTopics(connection.replicationFactor(), properties);
        defaults(properties);
        if (!settings.pluginPath().isEmpty()) {
            properties.put(
                    "plugin.path",
                    settings.pluginPath().stream().map(Object::toString).collect(Collectors.joining(",")));
        }
        properties.putAll(settings.workerProperties());
        return properties;
    }

    /// The worker's own clients read plain keys, those of connectors the prefixed ones.
    private static void connectTo(LogConnection connection, Map<String, String> properties) {
        properties.put("bootstrap.servers", connection.bootstrapServers());
        connection.clientSettings().forEach((key, value) -> {
            properties.put(key, value);
            properties.put("producer." + key, value);
            properties.put("consumer." + key, value);
            properties.put("admin." + key, value);
        });
    }

    /// One prefix for Weir's own topics; few partitions, as a node holds tens of connectors, not thousands.
    private static void internalTopics(short replicationFactor, Map<String, String> properties) {
        properties.put("group.id", "__weir_connect");
        properties.put("config.storage.topic", "__weir_connect_configs");
        properties.put("offset.storage.topic", "__weir_connect_offsets");
        properties.put("offset.storage.partitions", "5");
        properties.put("status.storage.topic", "__weir_connect_status");
        properties.put("status.storage.partitions", "2");
        for (String store : List.of("config", "offset", "status")) {
            properties.put(store + ".storage.replication.factor", Short.toString(replicationFactor));
        }
    }

    private static void defaults(Map<String, String> properties) {
        // Later than the first start it would take a rolling upgrade in two phases.
        properties.put("exactly.once.source.support", "enabled");
        // Records of aborted transactions must not reach a sink: they would be the duplicates just avoided.
        properties.put("consumer.isolation.level", "read_committed");
        // A consumer that was killed keeps its partitions from the task's next run this long.
        properties.put("consumer.session.timeout.ms", "10000");
        // Tasks of a worker that is gone wait this long for its return.
        properties.put("scheduled.rebalance.max.delay.ms", "15000");
        // A worker reads its offsets up to their last record, past transactions that killed tasks left open: this is
        // how long a start after a crash may wait for them. Longer than any interval between commits above.
        properties.put("producer.transaction.timeout.ms", "30000");
        // What a source without exactly-once repeats after a crash.
        properties.put("offset.flush.interval.ms", "10000");
        // Values pass unchanged.
        properties.put("key.converter", "org.apache.kafka.connect.storage.StringConverter");
        properties.put("value.converter", "org.apache.kafka.connect.converters.ByteArrayConverter");
        // Fewer, larger batches.
        properties.put("producer.batch.size", "262144");
        properties.put("producer.linger.ms", "20");
        properties.put("connector.client.config.override.policy", "Allowlist");
        properties.put("connector.client.config.override.allowlist", String.join(",", OVERRIDABLE));
        // A reflection scan over the application's class path finds nothing inside Quarkus' class loader.
        properties.put("plugin.discovery", "service_load");
    }
}

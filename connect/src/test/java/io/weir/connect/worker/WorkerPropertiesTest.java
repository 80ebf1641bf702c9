package io.weir.connect.worker;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WorkerPropertiesTest {
    private static final LogConnection LOG =
            new LogConnection("id", "127.0.0.1:9092", Map.of("security.protocol", "SSL"), (short) 3);

    private static WorkerSettings settings(Map<String, String> workerProperties) {
        return new WorkerSettings(Duration.ofSeconds(20), true, List.of(Path.of("/plugins")), workerProperties);
    }

    @ParameterizedTest
    @CsvSource({
        "exactly.once.source.support, enabled",
        "consumer.isolation.level, read_committed",
        "consumer.session.timeout.ms, 10000",
        "scheduled.rebalance.max.delay.ms, 15000",
        "offset.flush.interval.ms, 10000",
        "key.converter, org.apache.kafka.connect.storage.StringConverter",
        "value.converter, org.apache.kafka.connect.converters.ByteArrayConverter",
        "producer.transaction.timeout.ms, 30000",
        "producer.batch.size, 262144",
        "producer.linger.ms, 20",
        "group.id, __weir_connect",
        "config.storage.topic, __weir_connect_configs",
        "offset.storage.topic, __weir_connect_offsets",
        "status.storage.topic, __weir_connect_status",
        "config.storage.replication.factor, 3",
        "offset.storage.replication.factor, 3",
        "status.storage.replication.factor, 3",
        "connector.client.config.override.policy, Allowlist",
        "plugin.discovery, service_load",
        "plugin.path, /plugins",
        "bootstrap.servers, 127.0.0.1:9092",
        "security.protocol, SSL",
        "producer.security.protocol, SSL",
        "consumer.security.protocol, SSL",
        "admin.security.protocol, SSL"
    })
    void everyDefaultIsSet(String key, String value) {
        assertThat(WorkerProperties.of(settings(Map.of()), LOG)).containsEntry(key, value);
    }

    @Test
    void whatTheUserSetsWins() {
        assertThat(WorkerProperties.of(settings(Map.of("offset.flush.interval.ms", "500")), LOG))
                .containsEntry("offset.flush.interval.ms", "500");
    }

    @Test
    void connectAcceptsTheDefaults() {
        LogConnection plain = new LogConnection("id", "127.0.0.1:9092", Map.of(), (short) 1);
        DistributedConfig config = new DistributedConfig(WorkerProperties.of(settings(Map.of()), plain));

        assertThat(config.exactlyOnceSourceEnabled()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"rest.extension.classes", "bootstrap.servers", "listeners", "admin.listeners"})
    void whatCannotWorkInsideWeirIsRefusedByName(String key) {
        assertThatThrownBy(() -> settings(Map.of(key, "x")))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("weir.connect.worker." + key);
    }

    @Test
    void aWorkerIsNamedByHostAndPort() {
        assertThat(WorkerAssembly.workerId(URI.create("http://10.0.0.1:8080/weir/")))
                .isEqualTo("10.0.0.1:8080");
        assertThat(WorkerAssembly.workerId(URI.create("https://node-1/"))).isEqualTo("node-1:443");
    }
}

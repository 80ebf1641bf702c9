package io.weir.log.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.weir.log.engine.Durability;
import io.weir.log.engine.NodeSettings;
import io.weir.log.engine.Role;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class NodeSettingsReaderTest {
    @TempDir
    Path data;

    @Test
    void everySettingHasItsDefault() {
        NodeSettings settings = read(Map.of());
        assertThat(settings.dataDirectory()).isEqualTo(data.toAbsolutePath());
        assertThat(settings.roles()).isEqualTo(EnumSet.allOf(Role.class));
        assertThat(settings.listening().host()).isEqualTo("127.0.0.1");
        assertThat(settings.listening().kafkaPort()).isEqualTo(9092);
        assertThat(settings.listening().controllerPort()).isEqualTo(9093);
        assertThat(settings.listening().advertisedHost()).isEmpty();
        assertThat(settings.listening().insecureAllowed()).isFalse();
        assertThat(settings.membership().intendedSize()).isEqualTo(1);
        assertThat(settings.membership().join()).isEmpty();
        assertThat(settings.membership().found()).isFalse();
        assertThat(settings.membership().expectedClusterId()).isEmpty();
        assertThat(settings.membership().nodeId()).isEmpty();
        assertThat(settings.effectiveDurability()).isEqualTo(Durability.FSYNC);
        assertThat(settings.rack()).isEmpty();
        assertThat(settings.stopWithin()).isEqualTo(Duration.ofSeconds(30));
        assertThat(settings.brokerProperties()).isEmpty();
    }

    @Test
    void everySettingIsMapped() {
        NodeSettings settings = read(Map.ofEntries(
                Map.entry("weir.roles", "controller, broker"),
                Map.entry("weir.log.host", "0.0.0.0"),
                Map.entry("weir.log.port", "19092"),
                Map.entry("weir.log.controller.port", "0"),
                Map.entry("weir.advertised.host", "node1.example"),
                Map.entry("weir.insecure.allow", "true"),
                Map.entry("weir.cluster.size", "3"),
                Map.entry("weir.cluster.join", "a:1, b:2"),
                Map.entry("weir.cluster.found", "true"),
                Map.entry("weir.cluster.id", "abc"),
                Map.entry("weir.cluster.node.id", "7"),
                Map.entry("weir.log.durability", "fsync"),
                Map.entry("weir.rack", "r1"),
                Map.entry("weir.shutdown.timeout", "PT45S"),
                Map.entry("kafka.num.io.threads", "2"),
                Map.entry("kafka.client.security.protocol", "SSL")));
        assertThat(settings.roles()).containsExactlyInAnyOrder(Role.CONTROLLER, Role.BROKER);
        assertThat(settings.listening().host()).isEqualTo("0.0.0.0");
        assertThat(settings.listening().kafkaPort()).isEqualTo(19092);
        assertThat(settings.listening().controllerPort()).isZero();
        assertThat(settings.listening().advertisedHost()).hasValue("node1.example");
        assertThat(settings.listening().insecureAllowed()).isTrue();
        assertThat(settings.membership().intendedSize()).isEqualTo(3);
        assertThat(settings.membership().join()).isEqualTo(List.of("a:1", "b:2"));
        assertThat(settings.membership().found()).isTrue();
        assertThat(settings.membership().expectedClusterId()).isEqualTo(Optional.of("abc"));
        assertThat(settings.membership().nodeId()).isEqualTo(OptionalInt.of(7));
        assertThat(settings.durability()).hasValue(Durability.FSYNC);
        assertThat(settings.rack()).hasValue("r1");
        assertThat(settings.stopWithin()).isEqualTo(Duration.ofSeconds(45));
        assertThat(settings.brokerProperties()).isEqualTo(Map.of("num.io.threads", "2"));
        assertThat(log(Map.of("kafka.client.security.protocol", "SSL")).clientProperties())
                .isEqualTo(Map.of("security.protocol", "SSL"));
    }

    @ParameterizedTest
    @CsvSource({
        "weir.cluster.size, three", "weir.cluster.size, 0", "weir.log.port, 70000", "weir.log.port, -1",
        "weir.insecure.allow, yes", "weir.log.durability, sync", "weir.roles, brocker", "weir.cluster.node.id, 0",
        "weir.shutdown.timeout, PT-1S",
    })
    void aValueThatDoesNotFitIsRefusedWithItsSetting(String name, String value) {
        assertThatThrownBy(() -> read(Map.of(name, value))).hasMessageContaining("Setting '" + name + "'");
    }

    @Test
    void anUnknownModeIsRefusedAndExternalNeedsAddresses() {
        assertThatThrownBy(() -> log(Map.of("weir.log.mode", "extern")).external())
                .hasMessageContaining("embedded or external");
        assertThatThrownBy(() -> log(Map.of("weir.log.mode", "external")).bootstrapServers())
                .hasMessageContaining("weir.log.bootstrap.servers");
    }

    private NodeSettings read(Map<String, String> given) {
        return NodeSettingsReader.read(log(given));
    }

    private LogSettings log(Map<String, String> given) {
        Map<String, String> all = new HashMap<>(given);
        all.put("weir.data.dir", data.toString());
        return new LogSettings(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(all, "test", 100))
                .build());
    }
}

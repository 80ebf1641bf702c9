package io.weir.log.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.log.fault.WeirException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BrokerPropertiesTest {
    private static final NodeSettings SINGLE = NodeSettings.singleNode(Path.of("data"));

    @ParameterizedTest
    @CsvSource({"1, 8, 1, 1", "2, 16, 2, 1", "3, 16, 3, 2", "5, 16, 3, 2", "6, 50, 3, 2"})
    void internalTopicsFollowTheIntendedSize(int size, String partitions, String replicas, String minIsr) {
        Properties properties = compose(sized(size).withDurability(Durability.REPLICATED));
        assertThat(properties)
                .containsEntry("offsets.topic.num.partitions", partitions)
                .containsEntry("transaction.state.log.num.partitions", partitions)
                .containsEntry("share.coordinator.state.topic.num.partitions", partitions)
                .containsEntry("offsets.topic.replication.factor", replicas)
                .containsEntry("transaction.state.log.replication.factor", replicas)
                .containsEntry("share.coordinator.state.topic.replication.factor", replicas)
                .containsEntry("default.replication.factor", replicas)
                .containsEntry("min.insync.replicas", minIsr)
                .containsEntry("transaction.state.log.min.isr", minIsr);
    }

    @Test
    void durabilityFollowsTheSizeAndTwoNodesMustChoose() {
        assertThat(compose(sized(1))).containsEntry("log.flush.interval.messages", "1");
        assertThat(compose(sized(3))).doesNotContainKey("log.flush.interval.messages");
        assertThat(compose(sized(2).withDurability(Durability.FSYNC)))
                .containsEntry("log.flush.interval.messages", "1");
        assertThatThrownBy(() -> compose(sized(2))).hasMessageContaining("weir.log.durability");
    }

    @Test
    void theUserWinsOverContributionsAndTheyOverDefaults() {
        NodeSettings settings = SINGLE.withContributions(Map.of("log.segment.bytes", "2", "num.io.threads", "2"))
                .with("num.io.threads", "3");
        assertThat(compose(settings))
                .containsEntry("log.segment.bytes", "2")
                .containsEntry("num.io.threads", "3")
                .containsEntry("log.retention.ms", "-1");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"node.id", "process.roles", "listeners", "log.dirs", "controller.quorum.voters", "broker.rack"})
    void aKeyThatWeirOwnsIsRefusedWithTheSettingToUse(String key) {
        assertThatThrownBy(() -> compose(SINGLE.with(key, "x")))
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("'kafka." + key + "'")
                .hasMessageContaining("weir.");
    }

    @Test
    void remoteLogMetadataIsSetOnlyWhenRemoteStorageIsOn() {
        assertThat(compose(SINGLE))
                .noneSatisfy((key, value) -> assertThat(key.toString()).startsWith("rlmm."));
        assertThat(compose(sized(3).withContributions(Map.of("remote.log.storage.system.enable", "true"))))
                .containsEntry("rlmm.config.remote.log.metadata.topic.replication.factor", "3")
                .containsEntry("rlmm.config.remote.log.metadata.topic.min.isr", "2")
                .containsEntry("rlmm.config.remote.log.metadata.topic.num.partitions", "16")
                .containsEntry("remote.log.metadata.manager.listener.name", "KAFKA")
                .containsKey("rlmm.config.remote.log.metadata.initialization.retry.max.timeout.ms");
    }

    @Test
    void beforeAuthenticationFramesAndConnectionsAreBounded() {
        assertThat(compose(SINGLE))
                .containsEntry("socket.request.max.bytes", "4194304")
                .containsKey("max.connections.per.ip");
    }

    @Test
    void aNodeThatIsAloneWaitsLessForItsOwnOldSession() {
        assertThat(compose(SINGLE))
                .containsEntry("broker.session.timeout.ms", "2500")
                .containsEntry("broker.heartbeat.interval.ms", "500")
                .containsEntry("group.initial.rebalance.delay.ms", "0");
        assertThat(compose(sized(3)))
                .containsEntry("broker.session.timeout.ms", "6000")
                .containsEntry("broker.heartbeat.interval.ms", "1500")
                .containsEntry("group.initial.rebalance.delay.ms", "3000");
    }

    @Test
    void topicsAreCreatedByUseOnlyWhileAllIsPrivate() {
        assertThat(compose(SINGLE)).containsEntry("auto.create.topics.enable", "true");
        assertThat(compose(SINGLE.with("listener.security.protocol.map", "KAFKA:SASL_SSL,CONTROLLER:SASL_SSL")))
                .containsEntry("auto.create.topics.enable", "false");
        assertThat(compose(
                        SINGLE.withListening(new Listening("0.0.0.0", 9092, 9093, Optional.of("node1.example"), true))))
                .containsEntry("auto.create.topics.enable", "false")
                .containsEntry("advertised.listeners", "KAFKA://node1.example:9092,CONTROLLER://node1.example:9093");
    }

    @Test
    void beyondLoopbackEachListenerNeedsTlsAndAuthentication() {
        Listening open = new Listening("0.0.0.0", 9092, 9093, Optional.of("node1.example"), false);
        NodeSettings plain = SINGLE.withListening(open);
        assertThatThrownBy(() -> ListenerRules.check(plain))
                .hasMessageContaining("Kafka listener: 0.0.0.0")
                .hasMessageContaining("SASL_SSL")
                .hasMessageContaining("weir.insecure.allow=true");
        assertThatThrownBy(() -> ListenerRules.check(
                        plain.with("listener.security.protocol.map", "KAFKA:SASL_SSL,CONTROLLER:PLAINTEXT")))
                .hasMessageContaining("Controller listener");
        assertThatThrownBy(() -> ListenerRules.check(
                        plain.with("listener.security.protocol.map", "KAFKA:SSL,CONTROLLER:SASL_SSL")))
                .as("TLS alone asks nobody who they are")
                .hasMessageContaining("Kafka listener");
        ListenerRules.check(plain.with("listener.security.protocol.map", "KAFKA:SASL_SSL,CONTROLLER:SASL_SSL"));
        ListenerRules.check(
                SINGLE.withListening(new Listening("0.0.0.0", 9092, 9093, Optional.of("node1.example"), true)));
        assertThatThrownBy(() -> ListenerRules.check(
                        SINGLE.withListening(new Listening("0.0.0.0", 9092, 9093, Optional.empty(), true))))
                .hasMessageContaining("weir.advertised.host");
    }

    private static Properties compose(NodeSettings settings) {
        return BrokerProperties.compose(settings, 1, settings.listening(), List.of("127.0.0.1:9093"));
    }

    private static NodeSettings sized(int size) {
        return SINGLE.withMembership(new Membership(size, List.of(), true, Optional.empty(), OptionalInt.empty()));
    }
}

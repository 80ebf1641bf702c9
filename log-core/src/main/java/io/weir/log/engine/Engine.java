package io.weir.log.engine;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import kafka.cluster.Partition;
import kafka.raft.KafkaRaftManager;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server$;
import kafka.server.SharedServer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.metrics.KafkaMetric;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.network.ListenerName;
import org.apache.kafka.common.utils.AppInfoParser;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.image.loader.MetadataLoader;
import org.apache.kafka.image.publisher.ControllerRegistrationsPublisher;
import org.apache.kafka.metadata.BrokerState;
import org.apache.kafka.metadata.ControllerRegistration;
import org.apache.kafka.metadata.KRaftMetadataCache;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.ServerSocketFactory;
import org.apache.kafka.storage.internals.log.UnifiedLog;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Option;
import scala.Tuple2;

/// Kafka's own controller and broker, composed by hand, so that states and ports can be read and faults reach
/// Weir.
///
/// `start` and `stop` belong to one thread; every other method may be called by any.
final class Engine {
    private static final Logger LOG = LoggerFactory.getLogger(Engine.class);
    private static final Set<String> SETTLED = Set.of("leader", "follower", "observer");

    private final KafkaConfig config;
    private final SharedServer shared;
    private final Metrics metrics;
    private final @Nullable ControllerServer controller;
    private final @Nullable BrokerServer broker;

    private Engine(
            KafkaConfig config,
            SharedServer shared,
            Metrics metrics,
            @Nullable ControllerServer controller,
            @Nullable BrokerServer broker) {
        this.config = config;
        this.shared = shared;
        this.metrics = metrics;
        this.controller = controller;
        this.broker = broker;
    }

    /// Opens nothing yet but reads the identity of the formatted directories.
    static Engine compose(Properties properties, NodeSettings settings, Faults faults) {
        KafkaConfig config = KafkaConfig.fromProps(properties, false);
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> loaded = KafkaRaftServer.initializeLogDirs(config, LOG, "");
        String clusterId = loaded._1().clusterId().orElseThrow();
        Metrics metrics = Server$.MODULE$.initializeMetrics(config, Time.SYSTEM, clusterId);
        SharedServer shared = new SharedServer(
                config,
                loaded._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                QuorumConfig.parseBootstrapServers(config.quorumConfig().bootstrapServers()),
                faults,
                ServerSocketFactory.INSTANCE);
        ControllerServer controller = settings.isController()
                ? new ControllerServer(shared, KafkaRaftServer.configSchema(), loaded._2())
                : null;
        BrokerServer broker = settings.isBroker() ? new BrokerServer(shared) : null;
        return new Engine(config, shared, metrics, controller, broker);
    }

    /// Blocks until the broker is unfenced. The controller goes first: the quorum needs its endpoints.
    void start() {
        if (controller != null) {
            controller.startup();
        }
        if (broker != null) {
            broker.startup();
        }
        AppInfoParser.registerAppInfo(
                Server$.MODULE$.MetricsPrefix(),
                Integer.toString(config.nodeId()),
                metrics,
                Time.SYSTEM.milliseconds());
    }

    /// Broker first: the controller is needed to hand its partitions over. Safe after a failed start.
    ///
    /// @param handOver how long leadership may take to move elsewhere
    void stop(Duration handOver) {
        if (broker != null) {
            broker.shutdown(handOver);
        }
        if (controller != null) {
            controller.shutdown();
            controller.awaitShutdown();
        }
        if (broker != null) {
            broker.awaitShutdown();
        }
        AppInfoParser.unregisterAppInfo(Server$.MODULE$.MetricsPrefix(), Integer.toString(config.nodeId()), metrics);
    }

    String clusterId() {
        return shared.clusterId();
    }

    int nodeId() {
        return shared.nodeId();
    }

    /// The port Kafka clients use; empty without a broker.
    Optional<Integer> kafkaPort() {
        return broker == null
                ? Optional.empty()
                : Optional.of(broker.boundPort(ListenerName.normalised(BrokerProperties.KAFKA)));
    }

    /// Whether the broker, where there is one, serves.
    boolean serves() {
        return broker == null || broker.brokerState() == BrokerState.RUNNING;
    }

    /// Whether this node leads the metadata quorum or follows a leader that answers. The raft client's own word on
    /// the leader is not enough: while it asks for votes it still names the leader it has lost (KIP-996).
    boolean knowsLeader() {
        KafkaRaftManager<?> raft = initializedRaft();
        return raft != null && raft.client().leaderAndEpoch().leaderId().isPresent() && isSettled();
    }

    /// By Kafka's `current-state` metric; candidate, prospective, voted and unattached members have no leader.
    private boolean isSettled() {
        KafkaMetric state = metrics.metric(metrics.metricName("current-state", "raft-metrics"));
        return state != null && SETTLED.contains(String.valueOf(state.metricValue()));
    }

    /// The raft client once it may be asked: it exists before it is initialized, the loader is made after.
    private @Nullable KafkaRaftManager<?> initializedRaft() {
        return shared.loader() == null ? null : shared.raftManager();
    }

    /// `host:port` of every controller that has registered, in the order of their ids; empty on a node without a
    /// controller.
    List<String> controllers() {
        ControllerRegistrationsPublisher registrations =
                controller == null ? null : controller.registrationsPublisher();
        if (registrations == null) {
            return List.of();
        }
        return new TreeMap<>(registrations.controllers())
                .values().stream()
                        .map(ControllerRegistration::listeners)
                        .map(listeners -> listeners.get(BrokerProperties.CONTROLLER))
                        .filter(Objects::nonNull)
                        .map(endpoint -> endpoint.host() + ":" + endpoint.port())
                        .toList();
    }

    /// Partitions this node leads while it hands them over; empty when it does not.
    OptionalInt handingOver() {
        if (broker == null || broker.brokerState() != BrokerState.PENDING_CONTROLLED_SHUTDOWN) {
            return OptionalInt.empty();
        }
        KRaftMetadataCache cache = broker.metadataCache();
        if (cache == null) {
            return OptionalInt.empty();
        }
        return OptionalInt.of((int) cache.getImage().topics().topicsById().values().stream()
                .flatMap(topic -> topic.partitions().values().stream())
                .filter(partition -> partition.leader == nodeId())
                .count());
    }

    /// Metadata records known to be committed and not yet applied here; 0 while neither is known.
    long lag() {
        KafkaRaftManager<?> raft = initializedRaft();
        MetadataLoader loader = shared.loader();
        if (raft == null || loader == null) {
            return 0;
        }
        OptionalLong end = raft.client().highWatermark();
        return end.isPresent() ? Math.max(0, end.getAsLong() - 1 - loader.lastAppliedOffset()) : 0;
    }

    /// The log of a partition this node leads.
    Optional<UnifiedLog> leading(TopicPartition partition) {
        if (broker == null || broker.replicaManager() == null) {
            return Optional.empty();
        }
        Option<Partition> online = broker.replicaManager().onlinePartition(partition);
        if (online.isEmpty()) {
            return Optional.empty();
        }
        Option<UnifiedLog> log = online.get().leaderLogIfLocal();
        return log.isEmpty() ? Optional.empty() : Optional.of(log.get());
    }

    /// Closes the active segment of a partition this node leads; nothing when that segment is empty.
    ///
    /// @return whether this node leads the partition
    boolean roll(TopicPartition partition) throws IOException {
        Optional<UnifiedLog> log = leading(partition);
        if (log.isEmpty()) {
            return false;
        }
        if (log.get().activeSegment().size() > 0) {
            log.get().roll();
        }
        return true;
    }
}

package io.weir.log.wiring;

import io.weir.log.cluster.LogConnection;
import io.weir.log.topic.TopicName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/// What stands behind the one log cluster of this process: an engine of its own or a cluster elsewhere.
///
/// Driven by [NodeLifecycle]: `prepare`, `start`, `stop`, each at most once; the rest may be called by any
/// thread.
interface LogHost {
    /// Refuses what can be refused before anything is opened.
    void prepare();

    /// Returns at once.
    void start();

    /// @return whether it ended in time
    boolean stop(Duration within);

    /// Completes when the log answers.
    CompletionStage<LogConnection> running();

    /// Whether a broker or controller runs here.
    boolean embedded();

    void roll(TopicName topic, int partition);

    Health health();

    /// Completes when this process itself serves, which may be before the cluster is complete.
    CompletionStage<Serving> serving();

    /// @param alive no fatal fault
    /// @param ready the log answers here
    /// @param state what it is doing, for people
    /// @param insecure whether a listener may be open to anybody by explicit wish
    record Health(boolean alive, boolean ready, String state, boolean insecure) {}

    /// @param kafka addresses for Kafka clients
    /// @param node what only an engine here has
    record Serving(String kafka, Optional<LocalNode> node) {}

    /// @param kafka `host:port` of this node's broker, empty without one
    /// @param controller `host:port` of this node's controller, empty without one
    /// @param durability the profile's word
    record LocalNode(
            Path dataDirectory, String clusterId, int nodeId, String kafka, String controller, String durability) {}
}

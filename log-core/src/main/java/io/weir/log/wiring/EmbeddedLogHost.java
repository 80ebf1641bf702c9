package io.weir.log.wiring;

import io.weir.log.cluster.BrokerContribution;
import io.weir.log.cluster.LogConnection;
import io.weir.log.engine.Endpoints;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.log.engine.NodeState;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/// The log cluster's node in this process.
final class EmbeddedLogHost implements LogHost {
    private final LogSettings settings;
    private final Iterable<BrokerContribution> contributions;
    private final CompletableFuture<LogConnection> running = new CompletableFuture<>();
    private volatile @Nullable Node node;

    EmbeddedLogHost(LogSettings settings, Iterable<BrokerContribution> contributions) {
        this.settings = settings;
        this.contributions = contributions;
    }

    @Override
    public void prepare() {
        NodeSettings read = NodeSettingsReader.read(settings);
        BrokerContribution.NodeFacts facts = new BrokerContribution.NodeFacts(
                read.dataDirectory(), read.membership().intendedSize());
        node = Node.create(read.withContributions(merge(facts))).prepare();
    }

    private Map<String, String> merge(BrokerContribution.NodeFacts facts) {
        Map<String, String> merged = new HashMap<>();
        for (BrokerContribution contribution : contributions) {
            contribution.brokerProperties(facts).forEach((key, value) -> {
                String before = merged.putIfAbsent(key, value);
                if (before != null && !before.equals(value)) {
                    throw new WeirException(
                            "contributions-differ",
                            Whose.INTERNAL,
                            "Setting 'kafka." + key + "': two modules want different values, '" + before + "' and '"
                                    + value + "'. Set it yourself to decide.");
                }
            });
        }
        return merged;
    }

    @Override
    public void start() {
        Node started = prepared().start();
        started.running().whenComplete((endpoints, failure) -> {
            if (failure != null) {
                running.completeExceptionally(failure);
            } else {
                new PeerWait(connection(started, endpoints)).start(running);
            }
        });
    }

    private LogConnection connection(Node started, Endpoints endpoints) {
        String bootstrap = endpoints
                .kafka()
                .orElseGet(
                        () -> String.join(",", started.settings().membership().join()));
        return new LogConnection(
                endpoints.clusterId(),
                bootstrap,
                settings.clientProperties(),
                started.settings().membership().replicationFactor());
    }

    @Override
    public boolean stop(Duration within) {
        Node stopping = node;
        return stopping == null || stopping.stop(within);
    }

    @Override
    public CompletionStage<LogConnection> running() {
        return running.minimalCompletionStage();
    }

    @Override
    public boolean embedded() {
        return true;
    }

    @Override
    public void roll(TopicName topic, int partition) {
        prepared().roll(topic, partition);
    }

    @Override
    public Health health() {
        Node asked = node;
        if (asked == null) {
            return new Health(true, false, "Preparing", false);
        }
        NodeState state = asked.state();
        boolean ready = state instanceof NodeState.Running && asked.knowsLeader();
        return new Health(
                !(state instanceof NodeState.Failed),
                ready,
                state.summary(),
                asked.settings().listening().insecureAllowed());
    }

    @Override
    public CompletionStage<Serving> serving() {
        Node started = prepared();
        NodeSettings told = started.settings();
        return started.running()
                .thenApply(endpoints -> new Serving(
                        endpoints.kafka().orElse("none"),
                        Optional.of(new LocalNode(
                                told.dataDirectory(),
                                endpoints.clusterId(),
                                endpoints.nodeId(),
                                endpoints.kafka().orElse(""),
                                endpoints.controller().orElse(""),
                                told.effectiveDurability().word()))));
    }

    private Node prepared() {
        Node prepared = node;
        if (prepared == null) {
            throw new WeirException("node-not-ready", Whose.EXTERNAL, "Node: it is not prepared yet.");
        }
        return prepared;
    }
}

package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.net.Ports;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The steps from an empty or known directory to a serving engine, and back. Each step logs one line with its
/// duration.
///
/// `prepare`, `run` and `close` are called by one thread at a time; `state` and `engine` by any.
final class NodeStart {
    private static final Logger LOG = LoggerFactory.getLogger(NodeStart.class);
    private static final int FOUNDER = 1;
    private static final long ASK_AGAIN_MILLIS = 1000;

    private final NodeSettings settings;
    private final DataDirectory directory;
    private final Faults faults;
    private final CountDownLatch stopAsked;
    private final Peers peers = new Peers();
    private volatile @Nullable NodeLock lock;
    private volatile @Nullable Engine engine;
    private volatile @Nullable QuorumWatch watch;
    private volatile NodeState state = new NodeState.Stopped();

    NodeStart(NodeSettings settings, Faults faults, CountDownLatch stopAsked) {
        this.settings = settings;
        this.directory = new DataDirectory(settings.dataDirectory());
        this.faults = faults;
        this.stopAsked = stopAsked;
    }

    /// Everything that can be refused before anything is opened: settings, directory, lock, ports.
    synchronized void prepare() {
        if (lock != null) {
            return;
        }
        settings.effectiveDurability();
        BrokerProperties.compose(settings, FOUNDER, settings.listening(), List.of());
        ListenerRules.check(settings);
        PassedOn.suspects(settings.brokerProperties().keySet()).forEach(LOG::warn);
        directory.create();
        NodeLock held = NodeLock.acquire(directory.meta());
        try {
            Founding.decide(directory.identity(), settings.membership());
            Listening listening = listening(KeptChoices.read(directory.root()));
            if (settings.isBroker()) {
                Ports.requireFree("Kafka listener", "weir.log.port", listening.host(), listening.kafkaPort());
            }
            if (settings.isController()) {
                Ports.requireFree(
                        "Controller listener",
                        "weir.log.controller.port",
                        listening.host(),
                        listening.controllerPort());
            }
        } catch (RuntimeException e) {
            held.close();
            throw e;
        }
        lock = held;
        state = new NodeState.Locked();
    }

    /// @return where the node answers
    Endpoints run() throws InterruptedException {
        long began = Time.SYSTEM.hiResClockMs();
        prepare();
        KeptChoices kept = KeptChoices.read(directory.root());
        Listening listening = withControllerPort(listening(kept));
        HostPort ownController = new HostPort(listening.reachableHost(), listening.controllerPort());
        Membered membered = membership(ownController, kept);
        Properties properties =
                BrokerProperties.compose(settings, membered.identity().nodeId(), listening, membered.controllers());
        Faults.announceExits();
        QuorumWatch looking = new QuorumWatch(this::engine, membered.controllers(), this::keepControllers);
        watch = looking;
        state = looking.waiting();
        Engine composed = Engine.compose(properties, settings, faults);
        engine = composed;
        looking.start();
        LOG.info("Engine composed in {} ms", Time.SYSTEM.hiResClockMs() - began);
        composed.start();
        int kafkaPort = composed.kafkaPort().orElse(0);
        // the quorum may have grown while the engine started
        keep(choices ->
                choices.withPorts(kafkaPort, listening.controllerPort()).withControllers(looking.controllers()));
        state = new NodeState.Running();
        LOG.info("Engine started in {} ms", Time.SYSTEM.hiResClockMs() - began);
        return new Endpoints(
                composed.clusterId(),
                composed.nodeId(),
                settings.isBroker() ? Optional.of(listening.reachableHost() + ":" + kafkaPort) : Optional.empty(),
                settings.isController() ? Optional.of(ownController.toString()) : Optional.empty());
    }

    /// Stops what runs and frees the directory last. Idempotent.
    void close(Duration handOver) {
        QuorumWatch looking = watch;
        if (looking != null) {
            looking.close();
        }
        Engine open = engine;
        if (open != null) {
            NodeState before = state;
            if (!(before instanceof NodeState.Failed)) {
                state = new NodeState.Stopping(handOver);
            }
            open.stop(handOver);
            engine = null;
        }
        abandon();
        if (!(state instanceof NodeState.Failed)) {
            state = new NodeState.Stopped();
        }
    }

    /// Frees the directory of a node that was prepared and never started.
    synchronized void abandon() {
        NodeLock held = lock;
        if (held != null) {
            held.close();
            lock = null;
        }
    }

    private void keepControllers(List<String> controllers) {
        keep(choices -> choices.withControllers(controllers));
    }

    private synchronized void keep(UnaryOperator<KeptChoices> change) {
        if (lock != null) {
            KeptChoices.change(directory.root(), change);
        }
    }

    void failed(WeirException failure) {
        state = new NodeState.Failed(failure.code(), failure.whose(), String.valueOf(failure.getMessage()));
    }

    Optional<Engine> engine() {
        return Optional.ofNullable(engine);
    }

    NodeState state() {
        NodeState told = state;
        Engine open = engine;
        QuorumWatch looking = watch;
        if (open == null || looking == null) {
            return told;
        }
        return switch (told) {
            case NodeState.WaitingForQuorum waiting ->
                open.knowsLeader() ? new NodeState.CatchingUp(open.lag()) : looking.waiting();
            case NodeState.Stopping stopping -> {
                OptionalInt left = open.handingOver();
                yield left.isPresent() ? new NodeState.Draining(left.getAsInt()) : stopping;
            }
            case NodeState.Stopped stopped -> stopped;
            case NodeState.Locked locked -> locked;
            case NodeState.Formatting formatting -> formatting;
            case NodeState.CatchingUp catching -> catching;
            case NodeState.Running running -> running;
            case NodeState.Draining draining -> draining;
            case NodeState.Failed failed -> failed;
        };
    }

    /// @param controllers where the quorum is found
    private record Membered(DataDirectory.Identity identity, List<String> controllers) {}

    private Membered membership(HostPort ownController, KeptChoices kept) throws InterruptedException {
        Founding founding = Founding.decide(directory.identity(), settings.membership());
        state = new NodeState.Formatting();
        return switch (founding) {
            case Founding.Resume resume -> resume(resume.identity(), ownController, kept);
            case Founding.Found found -> found(ownController);
            case Founding.Join join -> join(awaitPeer());
            case Founding.JoinOrFound either -> {
                Optional<Peers.Answer> answer = peers.ask(settings.peers());
                yield answer.isPresent() ? join(answer.get()) : found(ownController);
            }
        };
    }

    private Membered resume(DataDirectory.Identity identity, HostPort ownController, KeptChoices kept) {
        List<String> controllers = new ArrayList<>(kept.controllers());
        if (controllers.isEmpty()) {
            controllers.add(ownController.toString());
        }
        return new Membered(identity, controllers);
    }

    private Membered found(HostPort ownController) {
        String clusterId = settings.membership()
                .expectedClusterId()
                .orElseGet(() -> Uuid.randomUuid().toString());
        DataDirectory.Identity identity =
                new DataDirectory.Identity(clusterId, settings.chosenNodeId().orElse(FOUNDER));
        Formatting.run(directory, identity, ownController);
        LOG.info("Cluster {} founded by node {}", clusterId, identity.nodeId());
        return new Membered(identity, List.of(ownController.toString()));
    }

    private Membered join(Peers.Answer answer) {
        settings.membership()
                .expectedClusterId()
                .ifPresent(expected -> Founding.requireCluster(expected, answer.clusterId()));
        int nodeId = settings.chosenNodeId().orElseGet(answer::freeNodeId);
        DataDirectory.Identity identity = new DataDirectory.Identity(answer.clusterId(), nodeId);
        Formatting.run(directory, identity, null);
        LOG.info("Node {} joins cluster {} of controllers {}", nodeId, answer.clusterId(), answer.controllers());
        return new Membered(identity, answer.controllers());
    }

    private Peers.Answer awaitPeer() throws InterruptedException {
        while (true) {
            state = new NodeState.WaitingForQuorum(0, 1);
            Optional<Peers.Answer> answer = peers.ask(settings.peers());
            if (answer.isPresent()) {
                return answer.get();
            }
            if (stopAsked.await(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                throw new InterruptedException("stopped while waiting for a peer");
            }
        }
    }

    /// Ports as set, or as kept from the first start where 0 was set.
    private Listening listening(KeptChoices kept) {
        Listening asked = settings.listening();
        return asked.withPorts(
                asked.kafkaPort() == 0 ? kept.kafkaPort() : asked.kafkaPort(),
                asked.controllerPort() == 0 ? kept.controllerPort() : asked.controllerPort());
    }

    /// The quorum must know a controller's port before it exists, so a free one is chosen here.
    private static Listening withControllerPort(Listening listening) {
        return listening.controllerPort() != 0
                ? listening
                : listening.withPorts(listening.kafkaPort(), Ports.free(listening.host()));
    }
}

package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One Kafka node in this process: controller, broker or both.
///
/// `start` returns at once; the node starts and stops on its own thread `weir-engine`, so that the process
/// answers while a quorum forms. One node per process at a time, as the engine keeps process-wide state. Safe for
/// use by any thread. Who creates a node stops it.
public final class Node {
    private static final Logger LOG = LoggerFactory.getLogger(Node.class);
    private static final AtomicBoolean ENGINE_IN_THIS_PROCESS = new AtomicBoolean();
    private static final Duration PATIENCE_WITH_A_START = Duration.ofSeconds(5);

    private final NodeSettings settings;
    private final CompletableFuture<Endpoints> running = new CompletableFuture<>();
    private final CountDownLatch stopAsked = new CountDownLatch(1);
    private final CountDownLatch ended = new CountDownLatch(1);
    private final AtomicBoolean started = new AtomicBoolean();
    private final NodeStart start;
    private volatile Duration stopWithin;
    private volatile @Nullable Thread thread;

    private Node(NodeSettings settings) {
        this.settings = settings;
        this.stopWithin = settings.stopWithin();
        this.start = new NodeStart(settings, new Faults(this::serves, this::failStart), stopAsked);
    }

    /// Checks nothing yet and opens nothing.
    public static Node create(NodeSettings settings) {
        return new Node(settings);
    }

    /// Takes the data directory and looks at the ports, on the calling thread. `start` does it when this was not
    /// called. Idempotent.
    ///
    /// @throws WeirException what stands in the way; nothing is held or formatted then
    public Node prepare() {
        start.prepare();
        return this;
    }

    /// Starts the node on its own thread. At most once per node.
    public Node start() {
        if (!started.compareAndSet(false, true)) {
            throw new IllegalStateException("Node: it was started before; create another one.");
        }
        Thread engineThread = new Thread(this::live, "weir-engine");
        engineThread.setDaemon(true);
        thread = engineThread;
        engineThread.start();
        return this;
    }

    /// Completes when the node serves, exceptionally when its start has failed for good. On the node's own
    /// thread: dependents that block move to theirs.
    public CompletionStage<Endpoints> running() {
        return running.minimalCompletionStage();
    }

    /// Waits for `running()`.
    ///
    /// @throws WeirException what ended the start, or `node-not-ready` after the given time
    public Endpoints awaitRunning(Duration atMost) {
        try {
            return running.get(atMost.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw new WeirException(
                    "node-not-ready",
                    Whose.EXTERNAL,
                    "Node: not running after " + atMost.toSeconds() + " s, but " + state() + ".",
                    e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WeirException("node-not-ready", Whose.INTERNAL, "Node: interrupted while waiting for it.", e);
        } catch (ExecutionException e) {
            throw StartFailure.of(e);
        }
    }

    /// What the node does right now.
    public NodeState state() {
        return start.state();
    }

    /// The settings it was created with.
    public NodeSettings settings() {
        return settings;
    }

    /// Whether a leader of the metadata quorum is known.
    public boolean knowsLeader() {
        return start.engine().map(Engine::knowsLeader).orElse(false);
    }

    /// Closes the active segment of a partition that this node leads, so that it becomes a candidate for the
    /// archive. An empty active segment stays.
    ///
    /// @throws WeirException `not-embedded` (409) when this node does not lead the partition
    public void roll(TopicName topic, int partition) {
        try {
            if (start.engine().isPresent() && start.engine().get().roll(new TopicPartition(topic.value(), partition))) {
                return;
            }
        } catch (IOException e) {
            throw new WeirException(
                    "roll-failed",
                    Whose.INTERNAL,
                    "Topic '" + topic + "', partition " + partition + ": its segment could not be closed ("
                            + e.getMessage() + ").",
                    e);
        }
        throw WeirException.conflict(
                "not-embedded",
                "Topic '" + topic + "', partition " + partition + ": this node does not lead it, so it cannot close"
                        + " its segment. Ask the leader's node.");
    }

    /// Stops the node and waits for it; a start under way gets a moment to finish and is then broken off.
    /// Idempotent.
    ///
    /// @param within how long it may take; the engine gets two thirds of it to hand its partitions over
    /// @return whether it ended in time
    public boolean stop(Duration within) {
        Thread engineThread = thread;
        if (engineThread == null) {
            start.abandon();
            return true;
        }
        stopWithin = within;
        stopAsked.countDown();
        try {
            Duration patience = PATIENCE_WITH_A_START.compareTo(within.dividedBy(4)) < 0
                    ? PATIENCE_WITH_A_START
                    : within.dividedBy(4);
            if (!running.isDone() && !ended.await(patience.toMillis(), TimeUnit.MILLISECONDS) && !running.isDone()) {
                engineThread.interrupt();
            }
            return ended.await(within.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private boolean serves() {
        return start.state() instanceof NodeState.Running;
    }

    /// A fatal fault during the start: whatever the start waits for will not come.
    private void failStart(Throwable cause) {
        if (running.completeExceptionally(StartFailure.of(cause))) {
            start.failed(StartFailure.of(cause));
            Thread engineThread = thread;
            if (engineThread != null && !engineThread.equals(Thread.currentThread())) {
                engineThread.interrupt();
            }
        }
    }

    /// The whole life of the node, on the thread `weir-engine`.
    private void live() {
        if (!ENGINE_IN_THIS_PROCESS.compareAndSet(false, true)) {
            running.completeExceptionally(new IllegalStateException("Node: this process already runs one."));
            ended.countDown();
            return;
        }
        try {
            serveUntilStopped();
        } catch (InterruptedException e) {
            running.completeExceptionally(StartFailure.of(e));
        } catch (RuntimeException | Error e) {
            WeirException failure = StartFailure.of(e);
            LOG.debug("The start failed", e);
            running.completeExceptionally(failure);
            start.failed(failure);
        } finally {
            Thread.interrupted();
            start.close(stopWithin.multipliedBy(2).dividedBy(3));
            ENGINE_IN_THIS_PROCESS.set(false);
            running.completeExceptionally(
                    new WeirException("node-stopped", Whose.USER, "Node: it was stopped before it served."));
            ended.countDown();
        }
    }

    private void serveUntilStopped() throws InterruptedException {
        Endpoints endpoints = start.run();
        if (running.complete(endpoints)) {
            stopAsked.await();
        }
    }

    /// What the node tells others about itself, once it runs.
    public Optional<Endpoints> endpoints() {
        return running.isDone() && !running.isCompletedExceptionally() ? Optional.of(running.join()) : Optional.empty();
    }
}

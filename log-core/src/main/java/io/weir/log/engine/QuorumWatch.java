package io.weir.log.engine;

import io.weir.log.net.Ports;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Looks at the quorum from the side, on a thread of its own: how many controllers answer while no leader is
/// known, and where the controllers are once one is.
final class QuorumWatch implements AutoCloseable {
    private static final Duration LOOK_EVERY = Duration.ofSeconds(1);
    private static final Duration ANSWER_WITHIN = Duration.ofMillis(300);

    private final Supplier<Optional<Engine>> engine;
    private final Consumer<List<String>> controllersSeen;
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<String> controllers;
    private volatile int answering;

    /// @param known the controllers' addresses as of the last start
    /// @param controllersSeen told of each change of the quorum's addresses
    QuorumWatch(Supplier<Optional<Engine>> engine, List<String> known, Consumer<List<String>> controllersSeen) {
        this.engine = engine;
        this.controllers = List.copyOf(known);
        this.controllersSeen = controllersSeen;
    }

    QuorumWatch start() {
        Thread thread = new Thread(this::watch, "weir-quorum-watch");
        thread.setDaemon(true);
        thread.start();
        return this;
    }

    /// While there is no leader: how many controllers answer, of how many that must.
    NodeState.WaitingForQuorum waiting() {
        return new NodeState.WaitingForQuorum(answering, controllers.size() / 2 + 1);
    }

    /// Addresses of the controllers as last seen.
    List<String> controllers() {
        return controllers;
    }

    private void watch() {
        try {
            while (!closed.await(LOOK_EVERY.toMillis(), TimeUnit.MILLISECONDS)) {
                Optional<Engine> open = engine.get();
                if (open.isPresent()) {
                    look(open.get());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void look(Engine open) {
        if (!open.knowsLeader()) {
            answering = (int) controllers.stream()
                    .filter(address -> Ports.answers(address, ANSWER_WITHIN))
                    .count();
            return;
        }
        List<String> now = open.controllers();
        if (!now.isEmpty() && !now.equals(controllers)) {
            controllers = now;
            controllersSeen.accept(now);
        }
    }

    @Override
    public void close() {
        closed.countDown();
    }
}

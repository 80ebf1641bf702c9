package io.weir.connect.worker;

import io.weir.log.cluster.LogConnection;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.errors.NotFoundException;
import org.apache.kafka.connect.runtime.AbstractStatus;
import org.apache.kafka.connect.runtime.rest.entities.ConnectorStateInfo;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Connect worker of this process: started once, kept alive until stopped. When Connect's herder gives up, a
/// new worker is built after a pause; the process and its broker never end with it.
///
/// Thread-safe. Owns one thread and everything of the runtime.
public final class ConnectWorker implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectWorker.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private static final String FAILED = AbstractStatus.State.FAILED.toString();

    private final WorkerAssembly assembly;
    private final WorkerSettings settings;
    private final Time time;
    private final CountDownLatch stopRequested = new CountDownLatch(1);
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile WorkerState state = new WorkerState.Waiting();
    private volatile @Nullable LiveWorker live;
    private volatile @Nullable Thread thread;

    /// @param time the runtime's clock; [Time#SYSTEM] outside tests
    public ConnectWorker(WorkerSettings settings, Time time) {
        this.settings = settings;
        this.time = time;
        this.assembly = new WorkerAssembly(settings, time);
    }

    /// Starts the worker on its own thread; returns at once. Later calls do nothing.
    ///
    /// @param restUrl where the other workers of the group reach this one's REST API, any HTTP root path included
    public synchronized void start(LogConnection connection, URI restUrl) {
        if (thread != null || stopRequested.getCount() == 0) {
            return;
        }
        state = new WorkerState.Starting();
        Thread started = Thread.ofPlatform().name("weir-connect").unstarted(() -> keepAlive(connection, restUrl));
        thread = started;
        started.start();
    }

    /// Where the worker is; changes without notice.
    public WorkerState state() {
        LiveWorker current = live;
        return current != null
                        && state instanceof WorkerState.Starting
                        && current.herder().isReady()
                ? new WorkerState.Running()
                : state;
    }

    /// Connectors of the group that have failed, or of which a task has, with their states as the group last told.
    /// Empty while the worker is not ready.
    public Map<String, String> failedConnectors() {
        Map<String, String> failed = new TreeMap<>();
        ready().ifPresent(current -> {
            for (String connector : current.herder().connectors()) {
                failureOf(current, connector).ifPresent(failure -> failed.put(connector, failure));
            }
        });
        return failed;
    }

    private static Optional<String> failureOf(LiveWorker current, String connector) {
        try {
            ConnectorStateInfo status = current.herder().connectorStatus(connector);
            long failedTasks = status.tasks().stream()
                    .filter(task -> FAILED.equals(task.state()))
                    .count();
            if (FAILED.equals(status.connector().state())) {
                return Optional.of("connector failed");
            }
            return failedTasks == 0
                    ? Optional.empty()
                    : Optional.of(failedTasks + " of " + status.tasks().size() + " tasks failed");
        } catch (NotFoundException e) {
            return Optional.empty();
        }
    }

    /// Stops connectors and tasks and leaves the group.
    ///
    /// @param deadline how long to wait; when it passes, the rest stops in the background
    /// @return whether everything has stopped
    public boolean stop(Duration deadline) {
        synchronized (this) {
            stopRequested.countDown();
            if (thread == null) {
                state = new WorkerState.Stopped();
                return true;
            }
        }
        try {
            return stopped.await(deadline.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    @Override
    public void close() {
        stop(Duration.ofSeconds(30));
    }

    /// The worker when it can answer requests.
    Optional<LiveWorker> ready() {
        LiveWorker current = live;
        return current != null && current.herder().isReady() && stopRequested.getCount() > 0
                ? Optional.of(current)
                : Optional.empty();
    }

    /// The worker as soon as it exists, also while it still joins its group.
    Optional<LiveWorker> built() {
        return Optional.ofNullable(live);
    }

    WorkerSettings settings() {
        return settings;
    }

    Time time() {
        return time;
    }

    private void keepAlive(LogConnection connection, URI restUrl) {
        Duration pause = FIRST_PAUSE;
        while (stopRequested.getCount() > 0) {
            long startedAtMillis = time.milliseconds();
            Optional<Throwable> failure = runOnce(connection, restUrl);
            if (failure.isEmpty()) {
                break;
            }
            boolean livedLong = time.milliseconds() - startedAtMillis > LONGEST_PAUSE.toMillis();
            pause = livedLong ? FIRST_PAUSE : pause;
            state = new WorkerState.Failed(Failures.rootCauseLine(failure.get()), pause);
            LOG.atError()
                    .addKeyValue("retryIn", pause)
                    .setCause(failure.get())
                    .log("The Connect worker has ended and is built anew");
            if (stopRequestedWithin(pause)) {
                break;
            }
            pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            state = new WorkerState.Starting();
        }
        state = new WorkerState.Stopped();
        stopped.countDown();
    }

    /// One life of the worker: ends with its failure, or empty after a requested stop.
    private Optional<Throwable> runOnce(LogConnection connection, URI restUrl) {
        LinkedBlockingQueue<Throwable> failures = new LinkedBlockingQueue<>();
        try {
            live = assembly.start(connection, restUrl, failures::add);
        } catch (Exception | LinkageError e) {
            return Optional.of(e);
        }
        Throwable failure = null;
        while (failure == null && !stopRequestedWithin(Duration.ofMillis(100))) {
            failure = failures.poll();
        }
        LiveWorker ended = live;
        live = null;
        if (ended != null) {
            ended.stop();
        }
        return Optional.ofNullable(failure);
    }

    private boolean stopRequestedWithin(Duration pause) {
        try {
            return stopRequested.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return true;
        }
    }
}

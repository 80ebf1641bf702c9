package io.weir.log.rest;

import io.weir.log.admin.LogAdmin;
import io.weir.log.cluster.LogCluster;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.produce.TopicWriter;
import io.weir.log.read.RangeReader;
import io.weir.log.read.Tails;
import java.time.Clock;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// What the REST resources reach the log with: opened by the first request that needs it, once the log answers.
/// Safe for use by any thread.
public final class LogClients implements AutoCloseable {
    private final LogCluster cluster;
    private final Clock clock;
    private final ReentrantLock opening = new ReentrantLock();
    private @Nullable Open open;
    private boolean closed;

    public LogClients(LogCluster cluster, Clock clock) {
        this.cluster = cluster;
        this.clock = clock;
    }

    public LogConnection connection() {
        return open().connection();
    }

    public LogAdmin admin() {
        return open().admin();
    }

    public TopicWriter writer() {
        return open().writer();
    }

    public RangeReader ranges() {
        return open().ranges();
    }

    public Tails tails() {
        return open().tails();
    }

    @Override
    public void close() {
        opening.lock();
        try {
            closed = true;
            if (open != null) {
                open.writer().close();
                open.admin().close();
            }
        } finally {
            opening.unlock();
        }
    }

    private record Open(
            LogConnection connection, LogAdmin admin, TopicWriter writer, RangeReader ranges, Tails tails) {}

    /// @throws WeirException `log-not-running` while the node starts or stops, or what ended its start
    private Open open() {
        opening.lock();
        try {
            if (closed) {
                throw notRunning("it is stopping");
            }
            Open present = open;
            if (present == null) {
                LogConnection connection = runningConnection();
                LogAdmin admin = LogAdmin.open(connection);
                present = new Open(
                        connection,
                        admin,
                        TopicWriter.open(connection),
                        new RangeReader(connection, admin.topics(), clock),
                        new Tails(connection, admin.topics(), clock));
                open = present;
            }
            return present;
        } finally {
            opening.unlock();
        }
    }

    private LogConnection runningConnection() {
        CompletableFuture<LogConnection> running = cluster.running().toCompletableFuture();
        if (!running.isDone()) {
            throw notRunning("it is starting; '/q/health/ready' tells when it is ready");
        }
        try {
            return running.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof WeirException known) {
                throw known;
            }
            throw new WeirException("log-not-running", Whose.EXTERNAL, "Log: it failed to start.", e);
        }
    }

    private static WeirException notRunning(String why) {
        return new WeirException("log-not-running", Whose.EXTERNAL, "Log: it does not answer yet, " + why + ".");
    }
}

package io.weir.streams.job.life;

import io.weir.log.cluster.LogConnection;
import io.weir.log.engine.Endpoints;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.streams.job.Runner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;

/// A real broker for nodes that run jobs. Everything it writes lies in one folder.
final class JobsBroker implements AutoCloseable {
    /// How long tests wait for anything.
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Path folder;
    private final Node broker;
    private final LogConnection connection;
    private final Admin admin;

    JobsBroker(Path folder) {
        this.folder = folder;
        this.broker = Node.create(NodeSettings.singleNode(folder.resolve("log"))
                        .withPorts(0, 0)
                        .with("log.flush.interval.messages", "9223372036854775807"))
                .start();
        Endpoints endpoints = broker.awaitRunning(PATIENCE);
        this.connection = new LogConnection(endpoints.clusterId(), endpoints.bootstrapServers(), Map.of(), (short) 1);
        this.admin = Admin.create(connection.clientProperties());
    }

    Path folder() {
        return folder;
    }

    LogConnection connection() {
        return connection;
    }

    Admin admin() {
        return admin;
    }

    /// A node that runs jobs.
    ///
    /// @param name of its own folder
    /// @param tick how often it looks what is to be done
    JobsNode open(String name, Duration tick, Runner runner) {
        JobsSettings settings = new JobsSettings(
                1,
                folder.resolve(name + "/state"),
                folder.resolve(name + "/artifacts"),
                Runtime.version().feature(),
                tick,
                Duration.ofSeconds(20));
        return JobsNode.open(connection, settings, runner, Clock.systemUTC());
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(1));
        broker.stop(Duration.ofSeconds(30));
    }
}

package io.weir.log.admin;

import io.weir.log.cluster.LogConnection;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterResult;
import org.apache.kafka.common.Node;

/// One admin client for all questions of this process. Safe for use by any thread; whoever opened it closes it.
public final class LogAdmin implements AutoCloseable {
    private static final Duration LONGEST_ANSWER = Duration.ofSeconds(15);

    private final Admin admin;
    private final AdminCalls calls;
    private final Topics topics;
    private final Groups groups;

    private LogAdmin(Admin admin) {
        this.admin = admin;
        this.calls = new AdminCalls(LONGEST_ANSWER);
        this.topics = new Topics(admin, calls);
        this.groups = new Groups(admin, calls, topics);
    }

    /// Connects lazily.
    public static LogAdmin open(LogConnection connection) {
        return new LogAdmin(Admin.create(connection.clientProperties()));
    }

    public Topics topics() {
        return topics;
    }

    public Groups groups() {
        return groups;
    }

    public Cluster cluster() {
        DescribeClusterResult result = admin.describeCluster();
        List<Cluster.Broker> brokers = calls.await(result.nodes(), "Cluster").stream()
                .map(node -> new Cluster.Broker(node.id(), node.host(), node.port(), Optional.ofNullable(node.rack())))
                .sorted(Comparator.comparingInt(Cluster.Broker::id))
                .toList();
        Node controller = calls.await(result.controller(), "Cluster");
        return new Cluster(
                calls.await(result.clusterId(), "Cluster"),
                controller == null || controller.isEmpty() ? Optional.empty() : Optional.of(controller.id()),
                brokers);
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}

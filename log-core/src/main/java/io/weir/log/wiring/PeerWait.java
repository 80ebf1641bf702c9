package io.weir.log.wiring;

import io.weir.log.cluster.LogConnection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Holds dependents back until the cluster has as many brokers as its internal topics have replicas: a topic's
/// replication is fixed when it is created, so a topic made by the first node alone would die with it.
final class PeerWait {
    private static final Logger LOG = LoggerFactory.getLogger(PeerWait.class);
    private static final long ASK_AGAIN_MILLIS = 500;

    private final LogConnection connection;

    PeerWait(LogConnection connection) {
        this.connection = connection;
    }

    /// @param running completed when enough brokers are there; at once for a single node
    void start(CompletableFuture<LogConnection> running) {
        Thread thread = new Thread(() -> run(running), "weir-peer-wait");
        thread.setDaemon(true);
        thread.start();
    }

    private void run(CompletableFuture<LogConnection> running) {
        if (connection.replicationFactor() <= 1 || connection.bootstrapServers().isEmpty()) {
            running.complete(connection);
            return;
        }
        Map<String, Object> properties = connection.clientProperties();
        properties.put("client.id", "weir-peer-wait");
        try (Admin admin = Admin.create(properties)) {
            CountDownLatch never = new CountDownLatch(1);
            boolean said = false;
            while (brokers(admin) < connection.replicationFactor()) {
                if (!said) {
                    LOG.info("Waiting for {} brokers before topics are created", connection.replicationFactor());
                    said = true;
                }
                if (never.await(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
            running.complete(connection);
        } catch (InterruptedException | KafkaException e) {
            running.completeExceptionally(e);
        }
    }

    /// Brokers that serve or once joined: a cluster that was complete before need not wait again.
    private static int brokers(Admin admin) throws InterruptedException {
        try {
            return admin.describeCluster(new org.apache.kafka.clients.admin.DescribeClusterOptions()
                            .includeFencedBrokers(true)
                            .timeoutMs(5000))
                    .nodes()
                    .get()
                    .size();
        } catch (ExecutionException e) {
            LOG.debug("The cluster does not answer yet", e);
            return 0;
        }
    }
}

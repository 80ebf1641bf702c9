package io.weir.log.wiring;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// A log cluster that runs elsewhere: this process is its client and opens no data directory.
final class ClientLogHost implements LogHost {
    private static final Logger LOG = LoggerFactory.getLogger(ClientLogHost.class);
    private static final long ANSWER_WITHIN_MILLIS = 10_000;
    private static final long ASK_AGAIN_MILLIS = 1000;

    private final String bootstrapServers;
    private final Map<String, String> clientSettings;
    private final CompletableFuture<LogConnection> running = new CompletableFuture<>();
    private final CountDownLatch stopAsked = new CountDownLatch(1);

    ClientLogHost(String bootstrapServers, Map<String, String> clientSettings) {
        this.bootstrapServers = bootstrapServers;
        this.clientSettings = Map.copyOf(clientSettings);
    }

    @Override
    public void prepare() {
        // nothing here that could be taken or damaged
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::awaitAnswer, "weir-log-client");
        thread.setDaemon(true);
        thread.start();
    }

    private void awaitAnswer() {
        try {
            while (!running.isDone()) {
                askOnce().ifPresent(running::complete);
                if (stopAsked.await(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS)) {
                    return;
                }
            }
        } catch (InterruptedException e) {
            running.completeExceptionally(e);
        }
    }

    private Optional<LogConnection> askOnce() throws InterruptedException {
        Map<String, Object> properties = new HashMap<>(clientSettings);
        properties.put("bootstrap.servers", bootstrapServers);
        properties.put("default.api.timeout.ms", Long.toString(ANSWER_WITHIN_MILLIS));
        properties.put("request.timeout.ms", Long.toString(ANSWER_WITHIN_MILLIS / 2));
        try (Admin admin = Admin.create(properties)) {
            String clusterId = admin.describeCluster().clusterId().get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS);
            int brokers = admin.describeCluster()
                    .nodes()
                    .get(ANSWER_WITHIN_MILLIS, TimeUnit.MILLISECONDS)
                    .size();
            return Optional.of(
                    new LogConnection(clusterId, bootstrapServers, clientSettings, (short) Math.min(3, brokers)));
        } catch (ExecutionException | TimeoutException | KafkaException e) {
            LOG.warn("Kafka cluster '{}' does not answer yet: {}", bootstrapServers, e.getMessage());
            return Optional.empty();
        }
    }

    @Override
    public boolean stop(Duration within) {
        stopAsked.countDown();
        return true;
    }

    @Override
    public CompletionStage<LogConnection> running() {
        return running.minimalCompletionStage();
    }

    @Override
    public boolean embedded() {
        return false;
    }

    @Override
    public void roll(TopicName topic, int partition) {
        throw WeirException.conflict(
                "not-embedded",
                "Topic '" + topic + "', partition " + partition
                        + ": no broker runs in this process, so it cannot close a segment. Ask the leader's node.");
    }

    @Override
    public Health health() {
        boolean ready = running.isDone() && !running.isCompletedExceptionally();
        return new Health(true, ready, ready ? "Connected" : "WaitingForCluster(" + bootstrapServers + ")", false);
    }

    @Override
    public CompletionStage<Serving> serving() {
        return running.thenApply(connection -> new Serving(bootstrapServers, Optional.empty()));
    }
}

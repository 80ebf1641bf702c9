package io.weir.log.journal;

import io.weir.log.cluster.LogConnection;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.jspecify.annotations.Nullable;

/// The compacted topic behind a journal: created when absent, and asked for its end.
final class JournalTopic implements AutoCloseable {
    /// Nothing is compacted away sooner, so that a writer that lost contact while committing still finds out
    /// whether its entries are there.
    private static final String UNCOMPACTED_MILLIS = "600000";

    /// Two years.
    private static final String HISTORY_MILLIS = "63072000000";

    private static final Duration CLOSE = Duration.ofMillis(100);

    private final TopicPartition partition;
    private final short replicationFactor;
    private final Admin admin;
    private final JournalFault fault;

    JournalTopic(TopicName topic, LogConnection connection) {
        this.partition = new TopicPartition(topic.value(), 0);
        this.replicationFactor = connection.replicationFactor();
        this.admin = Admin.create(connection.clientProperties());
        this.fault = new JournalFault(topic);
    }

    TopicPartition partition() {
        return partition;
    }

    /// Creates a topic for what is told beside the journal; one that exists is left as it is.
    void ensureHistory(TopicName history, Deadline deadline) {
        NewTopic wanted = new NewTopic(history.value(), 1, replicationFactor)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_DELETE,
                        TopicConfig.RETENTION_MS_CONFIG,
                        HISTORY_MILLIS));
        try {
            await(admin.createTopics(List.of(wanted)).all(), deadline);
        } catch (ExecutionException e) {
            if (!(e.getCause() instanceof TopicExistsException)) {
                throw fault.of(e, "create the topic of its history");
            }
        } catch (TimeoutException e) {
            throw fault.of(e, "create the topic of its history");
        }
    }

    void ensureExists(Deadline deadline) {
        NewTopic wanted = new NewTopic(partition.topic(), 1, replicationFactor)
                .configs(Map.of(
                        TopicConfig.CLEANUP_POLICY_CONFIG,
                        TopicConfig.CLEANUP_POLICY_COMPACT,
                        TopicConfig.MIN_COMPACTION_LAG_MS_CONFIG,
                        UNCOMPACTED_MILLIS));
        while (true) {
            try {
                await(admin.createTopics(List.of(wanted)).all(), deadline);
                return;
            } catch (ExecutionException e) {
                if (e.getCause() instanceof TopicExistsException) {
                    break;
                }
                if (!(e.getCause() instanceof RetriableException) || deadline.passed()) {
                    throw fault.of(e, "create the topic");
                }
            } catch (TimeoutException e) {
                throw fault.of(e, "create the topic");
            }
        }
        checkShape(deadline);
    }

    /// The last stable offset: one beyond everything that is committed. Open transactions lie behind it.
    long committedEnd(Deadline deadline) {
        ListOffsetsOptions options = new ListOffsetsOptions(IsolationLevel.READ_COMMITTED);
        while (true) {
            try {
                return await(
                                admin.listOffsets(Map.of(partition, OffsetSpec.latest()), options)
                                        .partitionResult(partition),
                                deadline)
                        .offset();
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || deadline.passed()) {
                    throw fault.of(e, "find the topic's end");
                }
            } catch (TimeoutException e) {
                throw fault.of(e, "find the topic's end");
            }
        }
    }

    @Override
    public void close() {
        admin.close(CLOSE);
    }

    /// A topic that another one has just created may not be known yet to the broker that is asked.
    private void checkShape(Deadline deadline) {
        while (true) {
            try {
                checkShape(description(deadline), config(deadline));
                return;
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof RetriableException) || deadline.passed()) {
                    throw fault.of(e, "look at the topic");
                }
            } catch (TimeoutException e) {
                throw fault.of(e, "look at the topic");
            }
        }
    }

    private void checkShape(TopicDescription description, Config config) {
        int partitions = description.partitions().size();
        ConfigEntry policy = config.get(TopicConfig.CLEANUP_POLICY_CONFIG);
        if (partitions != 1 || policy == null || !TopicConfig.CLEANUP_POLICY_COMPACT.equals(policy.value())) {
            throw fault.wrongShape(
                    partitions + " partitions and cleanup.policy=" + (policy == null ? "unknown" : policy.value()));
        }
    }

    private TopicDescription description(Deadline deadline) throws ExecutionException, TimeoutException {
        return await(
                admin.describeTopics(List.of(partition.topic()))
                        .topicNameValues()
                        .get(partition.topic()),
                deadline);
    }

    private Config config(Deadline deadline) throws ExecutionException, TimeoutException {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, partition.topic());
        return await(admin.describeConfigs(List.of(resource)).values().get(resource), deadline);
    }

    private <T> T await(@Nullable KafkaFuture<T> future, Deadline deadline)
            throws ExecutionException, TimeoutException {
        try {
            return Objects.requireNonNull(future).get(Math.max(1, deadline.remainingNanos()), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw fault.closed();
        }
    }
}

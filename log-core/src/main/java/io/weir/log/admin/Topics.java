package io.weir.log.admin;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.DescribeTopicsResult;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/// The cluster's topics. Safe for use by any thread; blocks for one round trip or two.
public final class Topics {
    private static final int SETTLING_TRIES = 100;
    private static final Duration SETTLING_PAUSE = Duration.ofMillis(20);

    private final Admin admin;
    private final AdminCalls calls;

    Topics(Admin admin, AdminCalls calls) {
        this.admin = admin;
        this.calls = calls;
    }

    /// All names, internal ones included, in order.
    public List<TopicName> names() {
        return rawNames().stream().map(TopicName::of).sorted().toList();
    }

    /// Every topic, internal ones included, by name. A topic that vanishes meanwhile is left out.
    public List<Topic> all() {
        return describe(rawNames()).values().stream().toList();
    }

    /// @throws WeirException `topic-not-found`, naming the nearest topic that exists
    public Topic get(TopicName name) {
        return Optional.ofNullable(describe(List.of(name.value())).get(name)).orElseThrow(() -> unknown(name));
    }

    /// Returns once every partition's leader answers for it: a producer with several requests under way may lose the
    /// first of them for good to a leader that is known but does not serve yet (KAFKA-15591, open in 4.3.1).
    ///
    /// @throws WeirException `topic-exists` (409), `topic-config-invalid`, `topic-partitions-invalid`,
    ///     `topic-replication-invalid`, `topic-internal`
    public Topic create(NewTopicRequest request) {
        if (request.name().isInternal()) {
            throw WeirException.conflict(
                    "topic-internal",
                    "Topic '" + request.name() + "': names that begin with '__' are kept for Weir and Kafka.");
        }
        NewTopic wanted = new NewTopic(
                        request.name().value(),
                        boxed(request.partitions()),
                        boxed(request.replicationFactor()).map(Integer::shortValue))
                .configs(request.configs());
        try {
            calls.awaitOrCause(admin.createTopics(List.of(wanted)).all(), subject(request.name()));
        } catch (ExecutionException e) {
            throw CreationRefused.of(request, e.getCause());
        }
        return settled(request.name());
    }

    /// Returns once the topic is gone from the metadata; its files go in the background.
    ///
    /// @throws WeirException `topic-not-found`, `topic-internal` (409)
    public void delete(TopicName name) {
        if (name.isInternal()) {
            throw WeirException.conflict(
                    "topic-internal",
                    "Topic '" + name + "': it belongs to Weir or Kafka and cannot be deleted by hand.");
        }
        try {
            calls.awaitOrCause(admin.deleteTopics(List.of(name.value())).all(), subject(name));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw unknown(name);
            }
            throw AdminCalls.translated(e.getCause(), subject(name));
        }
        for (int tries = 0; tries < SETTLING_TRIES && rawNames().contains(name.value()); tries++) {
            LockSupport.parkNanos(SETTLING_PAUSE.toNanos());
        }
    }

    /// Every configuration in force, by name.
    ///
    /// @throws WeirException `topic-not-found`
    public List<TopicConfigEntry> configs(TopicName name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name.value());
        Config config;
        try {
            config = calls.awaitOrCause(
                    admin.describeConfigs(List.of(resource)).values().get(resource), subject(name));
        } catch (ExecutionException e) {
            if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                throw unknown(name);
            }
            throw AdminCalls.translated(e.getCause(), subject(name));
        }
        return config.entries().stream()
                .map(entry -> new TopicConfigEntry(
                        entry.name(),
                        entry.value(),
                        entry.source().name(),
                        entry.isDefault(),
                        entry.isReadOnly(),
                        entry.isSensitive()))
                .sorted(Comparator.comparing(TopicConfigEntry::name))
                .toList();
    }

    /// For each partition its earliest offset and the end of what is readable at the isolation level, in two
    /// batched calls.
    public Map<TopicPartition, OffsetRange> bounds(Collection<TopicPartition> partitions, IsolationLevel isolation) {
        Map<TopicPartition, Long> earliest =
                offsets(partitions, OffsetSpec.earliest(), IsolationLevel.READ_UNCOMMITTED);
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest(), isolation);
        Map<TopicPartition, OffsetRange> bounds = new HashMap<>();
        ends.forEach((partition, end) -> {
            long start = Objects.requireNonNull(earliest.get(partition));
            bounds.put(partition, new OffsetRange(Math.min(start, end), end));
        });
        return bounds;
    }

    /// For each partition the offset that the specification means; absent where it finds none.
    public Map<TopicPartition, Long> offsets(
            Collection<TopicPartition> partitions, OffsetSpec specification, IsolationLevel isolation) {
        Map<TopicPartition, OffsetSpec> question = new HashMap<>();
        partitions.forEach(partition -> question.put(partition, specification));
        ListOffsetsResult result = admin.listOffsets(question, new ListOffsetsOptions(isolation));
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (TopicPartition partition : partitions) {
            ListOffsetsResultInfo answer = calls.await(
                    result.partitionResult(partition),
                    "Topic '" + partition.topic() + "', partition " + partition.partition());
            if (answer.offset() >= 0) {
                offsets.put(partition, answer.offset());
            }
        }
        return offsets;
    }

    /// The failure for a name that does not exist, with the nearest one that does.
    public WeirException unknown(TopicName name) {
        String hint = NearestName.hint(rawNames(), name.value());
        return WeirException.notFound("topic-not-found", subject(name) + ": no such topic." + hint);
    }

    private Set<String> rawNames() {
        return calls.await(
                admin.listTopics(new ListTopicsOptions().listInternal(true)).names(), "Topics");
    }

    private Map<TopicName, Topic> describe(Collection<String> names) {
        DescribeTopicsResult result = admin.describeTopics(names);
        Map<TopicName, Topic> topics = new TreeMap<>();
        for (String name : names) {
            try {
                Topic topic = topic(calls.awaitOrCause(result.topicNameValues().get(name), "Topic '" + name + "'"));
                topics.put(topic.name(), topic);
            } catch (ExecutionException e) {
                if (!(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                    throw AdminCalls.translated(e.getCause(), "Topic '" + name + "'");
                }
            }
        }
        return topics;
    }

    /// Metadata reaches the brokers a moment after the controller has answered.
    private Topic settled(TopicName name) {
        for (int tries = 0; tries < SETTLING_TRIES; tries++) {
            Topic topic = describe(List.of(name.value())).get(name);
            if (topic != null && topic.partitions().stream().allMatch(partition -> partition.leader() >= 0)) {
                awaitServing(topic);
                return topic;
            }
            LockSupport.parkNanos(SETTLING_PAUSE.toNanos());
        }
        throw new WeirException(
                "log-unavailable",
                Whose.EXTERNAL,
                subject(name) + ": it was created, but has no leader for every partition yet. Ask for it again.");
    }

    /// Only the leader itself knows offsets; until it serves, Kafka's client asks again.
    private void awaitServing(Topic topic) {
        List<TopicPartition> partitions = topic.partitions().stream()
                .map(partition -> new TopicPartition(topic.name().value(), partition.number()))
                .toList();
        Map<TopicPartition, Long> unused = offsets(partitions, OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED);
    }

    private static Topic topic(TopicDescription description) {
        List<Topic.Partition> partitions = description.partitions().stream()
                .map(info -> new Topic.Partition(
                        info.partition(),
                        info.leader() == null ? -1 : info.leader().id(),
                        info.replicas().stream().map(node -> node.id()).toList(),
                        info.isr().stream().map(node -> node.id()).toList()))
                .toList();
        return new Topic(TopicName.of(description.name()), description.topicId().toString(), partitions);
    }

    private static Optional<Integer> boxed(OptionalInt value) {
        return value.isPresent() ? Optional.of(value.getAsInt()) : Optional.empty();
    }

    private static String subject(TopicName name) {
        return "Topic '" + name + "'";
    }
}

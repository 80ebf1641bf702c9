package io.weir.streams.job.life;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.registry.JobState.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.ListTopicsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/// [JobCluster] over Kafka's Admin client.
public final class KafkaJobCluster implements JobCluster, AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);
    private static final Duration CLOSE = Duration.ofSeconds(2);

    private final Admin admin;
    private final short replicationFactor;

    public KafkaJobCluster(LogConnection connection) {
        Map<String, Object> settings = connection.clientProperties();
        settings.put("client.id", "weir-jobs-admin");
        this.admin = Admin.create(settings);
        this.replicationFactor = connection.replicationFactor();
    }

    @Override
    public Set<String> topics() {
        return get(admin.listTopics(new ListTopicsOptions().listInternal(true)).names());
    }

    @Override
    public Map<String, TopicFacts> describe(Collection<String> topics) {
        Set<String> present = topics();
        List<String> wanted =
                topics.stream().filter(present::contains).distinct().toList();
        if (wanted.isEmpty()) {
            return Map.of();
        }
        Map<String, TopicDescription> descriptions =
                get(admin.describeTopics(wanted).allTopicNames());
        Map<ConfigResource, Config> configs = get(admin.describeConfigs(wanted.stream()
                        .map(topic -> new ConfigResource(ConfigResource.Type.TOPIC, topic))
                        .toList())
                .all());
        Map<String, TopicFacts> facts = new HashMap<>();
        configs.forEach((resource, config) -> {
            TopicDescription description = descriptions.get(resource.name());
            if (description != null) {
                facts.put(
                        resource.name(),
                        new TopicFacts(
                                description.partitions().size(),
                                value(config, "cleanup.policy", "delete"),
                                Long.parseLong(value(config, "retention.ms", "-1"))));
            }
        });
        return facts;
    }

    @Override
    public long records(String topic) {
        Set<TopicPartition> partitions = partitions(List.of(topic));
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
        return partitions.stream()
                .mapToLong(partition -> ends.getOrDefault(partition, 0L) - starts.getOrDefault(partition, 0L))
                .sum();
    }

    @Override
    public boolean isIdle(String group) {
        return getOrWhenUnknown(
                admin.describeConsumerGroups(List.of(group))
                        .all()
                        .thenApply(groups -> groups.values().stream()
                                .allMatch(description -> description.members().isEmpty())),
                true);
    }

    @Override
    public Map<String, Position> committed(String group) {
        return positions(group).entrySet().stream()
                .collect(Collectors.toUnmodifiableMap(entry -> entry.getKey().toString(), entry -> {
                    OffsetAndMetadata at = entry.getValue();
                    return new Position(at.offset(), at.metadata());
                }));
    }

    @Override
    public void commit(String group, Map<String, Position> positions) {
        Map<TopicPartition, OffsetAndMetadata> offsets = new HashMap<>();
        positions.forEach((name, position) ->
                offsets.put(Vectors.partition(name), new OffsetAndMetadata(position.offset(), position.metadata())));
        get(admin.alterConsumerGroupOffsets(group, offsets).all());
    }

    @Override
    public Map<String, Long> lag(String group, List<String> topics) {
        Set<TopicPartition> partitions = partitions(topics);
        Map<TopicPartition, OffsetAndMetadata> committed = positions(group);
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
        Map<String, Long> lag = new HashMap<>();
        for (TopicPartition partition : partitions) {
            OffsetAndMetadata at = committed.get(partition);
            long from = at == null ? starts.getOrDefault(partition, 0L) : at.offset();
            lag.merge(partition.topic(), Math.max(0, ends.getOrDefault(partition, from) - from), Long::sum);
        }
        return Map.copyOf(lag);
    }

    @Override
    public Map<String, Long> starts(Collection<String> topics) {
        return names(offsets(partitions(topics), OffsetSpec.earliest()));
    }

    @Override
    public Map<String, Long> ends(Collection<String> topics) {
        return names(offsets(partitions(topics), OffsetSpec.latest()));
    }

    @Override
    public Map<String, Long> writtenEnds(Collection<String> topics) {
        return names(offsets(partitions(topics), OffsetSpec.latest(), IsolationLevel.READ_UNCOMMITTED));
    }

    @Override
    public Map<String, Long> offsetsAt(Collection<String> topics, Instant time) {
        Set<TopicPartition> partitions = partitions(topics);
        Map<TopicPartition, Long> at = offsets(partitions, OffsetSpec.forTimestamp(time.toEpochMilli()));
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> found = new HashMap<>(ends);
        at.forEach((partition, offset) -> {
            if (offset >= 0) {
                found.put(partition, offset);
            }
        });
        return names(found);
    }

    @Override
    public void createLike(String topic, String model) {
        TopicFacts facts = describe(List.of(model)).get(model);
        if (facts == null) {
            return;
        }
        NewTopic wanted = new NewTopic(topic, facts.partitions(), replicationFactor)
                .configs(
                        Map.of("cleanup.policy", facts.cleanupPolicy(), "retention.ms", "-1", "retention.bytes", "-1"));
        await(
                admin.createTopics(List.of(wanted)).all().thenApply(nothing -> true),
                cause -> cause instanceof TopicExistsException ? Optional.of(true) : Optional.empty());
    }

    private static Map<String, Long> names(Map<TopicPartition, Long> offsets) {
        return Vectors.names(offsets);
    }

    @Override
    public void deleteGroup(String group) {
        getOrWhenUnknown(admin.deleteConsumerGroups(List.of(group)).all().thenApply(nothing -> true), true);
    }

    @Override
    public void deleteTopics(Collection<String> topics) {
        for (KafkaFuture<Void> deletion :
                admin.deleteTopics(topics).topicNameValues().values()) {
            getOrWhenUnknown(deletion.thenApply(nothing -> true), true);
        }
    }

    @Override
    public void close() {
        admin.close(CLOSE);
    }

    private Map<TopicPartition, OffsetAndMetadata> positions(String group) {
        Map<TopicPartition, OffsetAndMetadata> positions =
                getOrWhenUnknown(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata(), Map.of());
        return positions.entrySet().stream()
                .filter(entry -> entry.getValue() != null)
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private Set<TopicPartition> partitions(Collection<String> topics) {
        return describe(topics).entrySet().stream()
                .flatMap(entry -> IntStream.range(0, entry.getValue().partitions())
                        .mapToObj(partition -> new TopicPartition(entry.getKey(), partition)))
                .collect(Collectors.toUnmodifiableSet());
    }

    private Map<TopicPartition, Long> offsets(Set<TopicPartition> partitions, OffsetSpec spec) {
        return offsets(partitions, spec, IsolationLevel.READ_COMMITTED);
    }

    private Map<TopicPartition, Long> offsets(
            Set<TopicPartition> partitions, OffsetSpec spec, IsolationLevel isolation) {
        Map<TopicPartition, ListOffsetsResultInfo> found = get(admin.listOffsets(
                        partitions.stream().collect(Collectors.toMap(Function.identity(), partition -> spec)),
                        new ListOffsetsOptions(isolation))
                .all());
        return found.entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, entry -> entry.getValue().offset()));
    }

    private static String value(Config config, String name, String otherwise) {
        ConfigEntry entry = config.get(name);
        String value = entry == null ? null : entry.value();
        return value == null ? otherwise : value;
    }

    private static <T> T get(KafkaFuture<T> future) {
        return await(future, cause -> Optional.empty());
    }

    /// As [#get], with a value for groups and topics that do not exist.
    private static <T> T getOrWhenUnknown(KafkaFuture<T> future, T whenUnknown) {
        return await(
                future,
                cause -> cause instanceof GroupIdNotFoundException || cause instanceof UnknownTopicOrPartitionException
                        ? Optional.of(whenUnknown)
                        : Optional.empty());
    }

    private static <T> T await(KafkaFuture<T> future, Function<@Nullable Throwable, Optional<T>> rescue) {
        try {
            return future.get(DEADLINE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            return rescue.apply(e.getCause()).orElseThrow(() -> unreachable(e.getCause()));
        } catch (TimeoutException e) {
            throw unreachable(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable(e);
        }
    }

    private static WeirException unreachable(@Nullable Throwable cause) {
        return new WeirException(
                "log-unreachable",
                Whose.EXTERNAL,
                "Log: did not do what a job needs: "
                        + (cause == null || cause.getMessage() == null ? String.valueOf(cause) : cause.getMessage())
                        + ".",
                cause);
    }
}

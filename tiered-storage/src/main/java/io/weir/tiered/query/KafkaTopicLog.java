package io.weir.tiered.query;

import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.OffsetRange;
import io.weir.log.topic.TopicName;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The log by Kafka's admin and consumer clients. Thread-safe. Whoever opened it closes it.
public final class KafkaTopicLog implements TopicLog, AutoCloseable {
    private static final int DEADLINE_MILLIS = 15_000;
    private static final Duration POLL = Duration.ofMillis(200);

    private final LogConnection connection;
    private final Clock clock;
    private final Admin admin;

    private KafkaTopicLog(LogConnection connection, Clock clock, Admin admin) {
        this.connection = connection;
        this.clock = clock;
        this.admin = admin;
    }

    public static KafkaTopicLog open(LogConnection connection, Clock clock) {
        Map<String, Object> properties = connection.clientProperties();
        properties.put("client.id", "weir-sql-admin");
        return new KafkaTopicLog(connection, clock, Admin.create(properties));
    }

    @Override
    public Set<String> topicNames() {
        return await(admin.listTopics().names(), "the topics cannot be listed");
    }

    @Override
    public String topicId(TopicName topic) {
        return describe(Set.of(topic)).values().iterator().next().topicId().toString();
    }

    @Override
    public Map<TopicName, Map<Integer, OffsetRange>> ranges(Set<TopicName> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        describe(topics).forEach((name, description) -> {
            for (TopicPartitionInfo partition : description.partitions()) {
                partitions.add(new TopicPartition(name, partition.partition()));
            }
        });
        Map<TopicPartition, Long> ends = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> starts = offsets(partitions, OffsetSpec.earliest());
        Map<TopicName, Map<Integer, OffsetRange>> ranges = new HashMap<>();
        for (TopicPartition partition : partitions) {
            long end = ends.getOrDefault(partition, 0L);
            long start = Math.min(starts.getOrDefault(partition, 0L), end);
            ranges.computeIfAbsent(TopicName.of(partition.topic()), topic -> new TreeMap<>())
                    .put(partition.partition(), new OffsetRange(start, end));
        }
        return ranges;
    }

    @Override
    public List<byte[]> sample(TopicName topic, Map<Integer, OffsetRange> ranges, int atMost) {
        int perEnd = Math.max(1, Math.min(1000, atMost / Math.max(1, 2 * ranges.size())));
        List<byte[]> values = new ArrayList<>();
        long endMillis = clock.millis() + DEADLINE_MILLIS;
        try (Consumer<byte[], byte[]> consumer = consumer()) {
            for (Map.Entry<Integer, OffsetRange> entry : ranges.entrySet()) {
                TopicPartition partition = new TopicPartition(topic.value(), entry.getKey());
                OffsetRange range = entry.getValue();
                long tail = Math.max(range.from(), range.to() - perEnd);
                long headEnd = Math.min(range.from() + perEnd, tail);
                sample(consumer, partition, new OffsetRange(range.from(), headEnd), endMillis, values);
                sample(consumer, partition, new OffsetRange(tail, range.to()), endMillis, values);
            }
        } catch (KafkaException e) {
            throw unavailable("a sample of topic '" + topic + "' cannot be read", e);
        }
        return values;
    }

    private void sample(
            Consumer<byte[], byte[]> consumer,
            TopicPartition partition,
            OffsetRange range,
            long endMillis,
            List<byte[]> values) {
        if (range.isEmpty()) {
            return;
        }
        consumer.assign(List.of(partition));
        consumer.seek(partition, range.from());
        while (consumer.position(partition) < range.to()) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                if (record.offset() < range.to() && record.value() != null) {
                    values.add(record.value());
                }
            }
            if (clock.millis() > endMillis) {
                throw new WeirException(
                        "log-unavailable",
                        Whose.EXTERNAL,
                        "Topic '" + partition.topic() + "', partition " + partition.partition()
                                + ": no sample could be read within " + DEADLINE_MILLIS + " ms.");
            }
        }
    }

    /// For reading parts of partitions: read_committed, no group, no jump over missing offsets.
    public Consumer<byte[], byte[]> consumer() {
        Map<String, Object> properties = connection.clientProperties();
        properties.put(ConsumerConfig.CLIENT_ID_CONFIG, "weir-sql");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "none");
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, 10_000);
        properties.put(ConsumerConfig.MAX_PARTITION_FETCH_BYTES_CONFIG, 8 << 20);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Map<String, TopicDescription> describe(Set<TopicName> topics) {
        List<String> names = topics.stream().map(TopicName::value).toList();
        return await(admin.describeTopics(names).allTopicNames(), "topics " + names + " cannot be described");
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> wanted = new HashMap<>();
        partitions.forEach(partition -> wanted.put(partition, spec));
        Map<TopicPartition, ListOffsetsResultInfo> found = await(
                admin.listOffsets(wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                        .all(),
                "offsets cannot be listed");
        Map<TopicPartition, Long> offsets = new HashMap<>();
        found.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    private static <T> T await(KafkaFuture<T> future, String failure) {
        try {
            return future.get(DEADLINE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new WeirException("query-interrupted", Whose.EXTERNAL, "SQL: the node is stopping.", e);
        } catch (TimeoutException e) {
            throw unavailable(failure + " within " + DEADLINE_MILLIS + " ms", e);
        } catch (ExecutionException e) {
            throw unavailable(failure + ": " + e.getCause(), e);
        }
    }

    private static WeirException unavailable(String failure, Exception cause) {
        return new WeirException("log-unavailable", Whose.EXTERNAL, "SQL: " + failure + ".", cause);
    }

    @Override
    public void close() {
        admin.close(Duration.ofSeconds(5));
    }
}

package io.weir.streams.topology;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// How far the committed position of a version is behind the end of its sources.
final class SourceLag {
    private static final long DEADLINE_SECONDS = 5;

    private SourceLag() {}

    /// Records by topic; empty when the log does not answer in five seconds.
    static Map<String, Long> of(Admin admin, String group, Collection<String> topics) {
        try {
            Map<String, TopicDescription> descriptions =
                    admin.describeTopics(topics).allTopicNames().get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            Map<TopicPartition, OffsetSpec> first = new HashMap<>();
            Map<TopicPartition, OffsetSpec> last = new HashMap<>();
            descriptions.forEach((topic, description) -> description
                    .partitions()
                    .forEach(partition -> {
                        first.put(new TopicPartition(topic, partition.partition()), OffsetSpec.earliest());
                        last.put(new TopicPartition(topic, partition.partition()), OffsetSpec.latest());
                    }));
            Map<TopicPartition, Long> starts = offsets(admin, first);
            Map<TopicPartition, Long> ends = offsets(admin, last);
            Map<TopicPartition, OffsetAndMetadata> committed = admin.listConsumerGroupOffsets(group)
                    .partitionsToOffsetAndMetadata()
                    .get(DEADLINE_SECONDS, TimeUnit.SECONDS);
            Map<String, Long> lag = new TreeMap<>();
            ends.forEach((partition, end) -> {
                @Nullable OffsetAndMetadata position = committed.get(partition);
                long start = starts.getOrDefault(partition, 0L);
                long from = position == null ? start : Math.max(start, position.offset());
                lag.merge(partition.topic(), Math.max(0, end - from), Long::sum);
            });
            return lag;
        } catch (ExecutionException | TimeoutException e) {
            return Map.of();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return Map.of();
        }
    }

    private static Map<TopicPartition, Long> offsets(Admin admin, Map<TopicPartition, OffsetSpec> wanted)
            throws ExecutionException, TimeoutException, InterruptedException {
        Map<TopicPartition, Long> offsets = new HashMap<>();
        for (Map.Entry<TopicPartition, ListOffsetsResultInfo> entry : admin.listOffsets(
                        wanted, new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
                .all()
                .get(DEADLINE_SECONDS, TimeUnit.SECONDS)
                .entrySet()) {
            offsets.put(entry.getKey(), entry.getValue().offset());
        }
        return offsets;
    }
}

package io.weir.tiered.archive;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.log.remote.metadata.storage.serialization.RemoteLogMetadataSerde;

/// Reads `__remote_log_metadata` as a plain consumer, each time to its present end, and folds it. One thread.
final class RemoteLogEvents implements AutoCloseable {
    static final String TOPIC = "__remote_log_metadata";

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RemoteLogMetadataSerde serde = new RemoteLogMetadataSerde();
    private final SegmentStates states = new SegmentStates();
    private final Duration deadline;
    private final Time time;
    private List<TopicPartition> assigned = List.of();

    RemoteLogEvents(Map<String, Object> clientProperties, Duration deadline, Time time) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put("auto.offset.reset", "earliest");
        properties.put("enable.auto.commit", false);
        properties.put("default.api.timeout.ms", (int) deadline.toMillis());
        this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        this.deadline = deadline;
        this.time = time;
    }

    /// The state after all events that are in the topic when this is called.
    SegmentStates latest() {
        try {
            if (assigned.isEmpty() && !assign()) {
                return states;
            }
            readToEnd();
            return states;
        } catch (KafkaException e) {
            throw new ArchiveUnavailableException("Topic '" + TOPIC + "': cannot be read: " + e.getMessage(), e);
        }
    }

    /// False while nothing was ever archived: then the topic may not exist.
    private boolean assign() {
        List<PartitionInfo> partitions = consumer.listTopics(deadline).getOrDefault(TOPIC, List.of());
        assigned = partitions.stream()
                .map(info -> new TopicPartition(TOPIC, info.partition()))
                .toList();
        consumer.assign(assigned);
        consumer.seekToBeginning(assigned);
        return !assigned.isEmpty();
    }

    private void readToEnd() {
        long startMillis = time.milliseconds();
        Map<TopicPartition, Long> ends = consumer.endOffsets(assigned, deadline);
        while (behind(ends)) {
            if (time.milliseconds() - startMillis > deadline.toMillis()) {
                throw new ArchiveUnavailableException(
                        "Topic '" + TOPIC + "': could not be read to its end within " + deadline + ".", null);
            }
            for (ConsumerRecord<byte[], byte[]> event : consumer.poll(Duration.ofMillis(200))) {
                if (event.value() != null) {
                    states.apply(serde.deserialize(event.value()));
                }
            }
        }
    }

    private boolean behind(Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey(), deadline) < end.getValue());
    }

    @Override
    public void close() {
        consumer.close();
    }
}

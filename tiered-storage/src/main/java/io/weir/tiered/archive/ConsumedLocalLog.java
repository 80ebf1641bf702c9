package io.weir.tiered.archive;

import io.weir.tiered.archive.VerifiedRecord.Source;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;

/// Reads what a broker holds locally as a plain consumer: offsets from the local log's start on are served from
/// there.
final class ConsumedLocalLog implements LocalLog {
    private final Admin admin;
    private final Map<String, Object> clientProperties;
    private final Duration deadline;
    private final Time time;

    ConsumedLocalLog(Admin admin, Map<String, Object> clientProperties, Duration deadline, Time time) {
        this.admin = admin;
        this.clientProperties = clientProperties;
        this.deadline = deadline;
        this.time = time;
    }

    @Override
    public Optional<Source> records(String topic, int partition, long firstOffset, long lastOffset) {
        TopicPartition asked = new TopicPartition(topic, partition);
        long localStart = AdminAnswers.about(
                        topic,
                        admin.listOffsets(Map.of(asked, OffsetSpec.earliestLocal()))
                                .partitionResult(asked))
                .offset();
        if (localStart < 0 || localStart > lastOffset) {
            return Optional.empty();
        }
        return Optional.of(new Consumed(asked, Math.max(firstOffset, localStart), lastOffset));
    }

    private final class Consumed implements Source {
        private final TopicPartition partition;
        private final long firstOffset;
        private final long lastOffset;
        private final KafkaConsumer<byte[], byte[]> consumer;
        private final Deque<VerifiedRecord> ready = new ArrayDeque<>();

        Consumed(TopicPartition partition, long firstOffset, long lastOffset) {
            this.partition = partition;
            this.firstOffset = firstOffset;
            this.lastOffset = lastOffset;
            Map<String, Object> properties = new HashMap<>(clientProperties);
            properties.put("isolation.level", "read_uncommitted");
            properties.put("enable.auto.commit", false);
            properties.put("auto.offset.reset", "none");
            properties.put("default.api.timeout.ms", (int) deadline.toMillis());
            this.consumer = new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
            consumer.assign(List.of(partition));
            consumer.seek(partition, firstOffset);
        }

        @Override
        public long firstOffset() {
            return firstOffset;
        }

        @Override
        public @Nullable VerifiedRecord next() {
            try {
                if (ready.isEmpty()) {
                    fill();
                }
                return ready.poll();
            } catch (KafkaException e) {
                throw new ArchiveUnavailableException(
                        "Partition " + partition + ": the local log cannot be read: " + e.getMessage(), e);
            }
        }

        private void fill() {
            long startMillis = time.milliseconds();
            while (ready.isEmpty() && consumer.position(partition, deadline) <= lastOffset) {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> {
                    if (record.offset() <= lastOffset) {
                        ready.add(VerifiedRecord.of(record));
                    }
                });
                if (time.milliseconds() - startMillis > deadline.toMillis()) {
                    throw new ArchiveUnavailableException(
                            "Partition " + partition + ": the local log gave nothing within " + deadline + ".", null);
                }
            }
        }

        @Override
        public void close() {
            consumer.close();
        }
    }
}

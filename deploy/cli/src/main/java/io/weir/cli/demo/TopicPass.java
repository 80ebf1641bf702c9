package io.weir.cli.demo;

import io.weir.cli.node.CliFailure;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.PartitionInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// One read of a whole topic from offset 0 with an ordinary Kafka consumer (`read_committed`, no group).
///
/// @param partitions digests by partition
/// @param records how many records were read
public record TopicPass(Map<Integer, Partition> partitions, long records) {

    /// @param content over key, value and timestamp of each record, in order: what a producer wrote
    /// @param everything over offset and headers as well: what a consumer sees
    /// @param records number of records
    public record Partition(String content, String everything, long records) {}

    private static final Duration POLL = Duration.ofMillis(200);

    /// Reads until `expected` records have been seen.
    ///
    /// @param progress told the number of records after each poll
    /// @throws CliFailure when no record arrives for `patience`
    public static TopicPass read(
            String bootstrap, String topic, long expected, Duration patience, LongConsumer progress) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("isolation.level", "read_committed");
        settings.put("auto.offset.reset", "none");
        settings.put("enable.auto.commit", "false");
        settings.put("max.poll.records", "20000");
        settings.put("max.partition.fetch.bytes", "8388608");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map((PartitionInfo info) -> new TopicPartition(info.topic(), info.partition()))
                    .toList();
            consumer.assign(partitions);
            partitions.forEach(partition -> consumer.seek(partition, 0));
            return read(consumer, topic, expected, patience, progress);
        }
    }

    private static TopicPass read(
            KafkaConsumer<byte[], byte[]> consumer,
            String topic,
            long expected,
            Duration patience,
            LongConsumer progress) {
        Map<Integer, Running> running = new TreeMap<>();
        consumer.assignment().forEach(partition -> running.put(partition.partition(), new Running()));
        long seen = 0;
        long lastProgress = System.nanoTime();
        while (seen < expected) {
            ConsumerRecords<byte[], byte[]> batch = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : batch) {
                running.computeIfAbsent(record.partition(), p -> new Running()).add(record);
            }
            seen += batch.count();
            if (!batch.isEmpty()) {
                lastProgress = System.nanoTime();
            } else if (System.nanoTime() - lastProgress > patience.toNanos()) {
                throw new CliFailure(
                        CliFailure.CHECK,
                        "Topic '" + topic + "': " + seen + " of " + expected + " records arrived, then none for "
                                + patience.toSeconds() + " s.");
            }
            progress.accept(seen);
        }
        Map<Integer, Partition> partitions = new TreeMap<>();
        running.forEach((partition, digests) -> partitions.put(partition, digests.result()));
        return new TopicPass(partitions, seen);
    }

    /// A short name of the whole pass for the screen.
    String fingerprint() {
        Digest all = new Digest();
        partitions.forEach((number, partition) -> {
            all.add(number);
            all.add(partition.everything().getBytes(java.nio.charset.StandardCharsets.US_ASCII));
        });
        return all.hex().substring(0, 12);
    }

    private static final class Running {
        private final Digest content = new Digest();
        private final Digest everything = new Digest();
        private long records;

        void add(ConsumerRecord<byte[], byte[]> record) {
            content.add(record.key());
            content.add(record.value());
            content.add(record.timestamp());
            everything.add(record.offset());
            everything.add(record.timestamp());
            everything.add(record.key());
            everything.add(record.value());
            for (Header header : record.headers()) {
                everything.add(header.key().getBytes(java.nio.charset.StandardCharsets.UTF_8));
                everything.add(header.value());
            }
            records++;
        }

        Partition result() {
            return new Partition(content.hex(), everything.hex(), records);
        }
    }
}

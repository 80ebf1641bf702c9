package io.weir.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cli.demo.FlightsFile.OriginHour;
import io.weir.cli.demo.FlightsFile.Totals;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.function.LongConsumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/// The finals that the job wrote: one row for each origin and closed hour.
///
/// @param hours by origin and hour
/// @param repeated rows whose origin and hour had been seen before
/// @param withoutState rows whose airport was not found
public record JobOutput(Map<OriginHour, Totals> hours, long repeated, long withoutState) {

    /// Reads topic `delays_by_hour`, or a version's own one, from its start until `expected` rows have come or none
    /// came
    /// for `patience`.
    public static JobOutput read(
            String bootstrap, String topic, long expected, Duration patience, LongConsumer progress) {
        return read(bootstrap, topic, patience, progress, (consumer, hours) -> hours.size() >= expected);
    }

    /// Reads a topic to its present end; of rows for one origin and hour the newest counts.
    public static JobOutput newest(String bootstrap, String topic, Duration patience, LongConsumer progress) {
        Map<TopicPartition, Long> ends = new HashMap<>();
        return read(bootstrap, topic, patience, progress, (consumer, hours) -> {
            if (ends.isEmpty()) {
                ends.putAll(consumer.endOffsets(consumer.assignment()));
            }
            return ends.entrySet().stream().allMatch(end -> consumer.position(end.getKey()) >= end.getValue());
        });
    }

    private static JobOutput read(
            String bootstrap, String topic, Duration patience, LongConsumer progress, Enough enough) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("bootstrap.servers", bootstrap);
        settings.put("isolation.level", "read_committed");
        settings.put("enable.auto.commit", "false");
        settings.put("max.poll.records", "20000");
        Map<OriginHour, Totals> hours = new HashMap<>();
        long repeated = 0;
        long withoutState = 0;
        long last = System.nanoTime();
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(info.topic(), info.partition()))
                    .toList());
            consumer.seekToBeginning(consumer.assignment());
            while (!enough.of(consumer, hours) && System.nanoTime() - last < patience.toNanos()) {
                ConsumerRecords<byte[], byte[]> batch = consumer.poll(Duration.ofMillis(200));
                for (ConsumerRecord<byte[], byte[]> record : batch) {
                    JsonNode value = Api.JSON.readTree(record.value());
                    repeated += hours.put(hour(Api.JSON.readTree(record.key())), totals(value)) == null ? 0 : 1;
                    withoutState += value.path("state").asText("").isEmpty() ? 1 : 0;
                }
                last = batch.isEmpty() ? last : System.nanoTime();
                progress.accept(hours.size());
            }
        } catch (IOException e) {
            throw new CliFailure(
                    CliFailure.CHECK, "Topic '" + topic + "': a row of the job is no JSON: " + e.getMessage(), e);
        }
        return new JobOutput(hours, repeated, withoutState);
    }

    private static OriginHour hour(JsonNode key) {
        return new OriginHour(
                key.path("key").asText(),
                Instant.parse(key.path("window_start").asText()).toEpochMilli());
    }

    private static Totals totals(JsonNode value) {
        return new Totals(
                value.path("flights").asLong(-1), value.path("delayMinutes").asLong(Long.MIN_VALUE));
    }

    /// Whether all that is wanted has been read.
    private interface Enough {
        boolean of(KafkaConsumer<byte[], byte[]> consumer, Map<OriginHour, Totals> hours);
    }
}

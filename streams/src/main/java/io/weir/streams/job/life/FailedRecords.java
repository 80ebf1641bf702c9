package io.weir.streams.job.life;

import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.Letters;
import io.weir.streams.replay.RecordTime;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;

/// The records that a range of dead letters is about. A record that has failed twice is here once.
///
/// @param attempts how often each has failed, by partition and offset of its topic
/// @param letters how many letters there are
/// @param earliestMillis least event time of them
/// @param latestMillis greatest event time of them
record FailedRecords(
        Map<TopicPartition, TreeMap<Long, Integer>> attempts, long letters, long earliestMillis, long latestMillis) {
    private static final String TOPIC = "__streams.errors.topic";
    private static final String PARTITION = "__streams.errors.partition";
    private static final String OFFSET = "__streams.errors.offset";
    private static final String ATTEMPT = "weir.attempt";

    /// Reads the letters.
    ///
    /// @param times how to tell the event time of a topic's records
    static FailedRecords read(ResultReader reader, Letters range, Function<String, RecordTime> times) {
        Map<TopicPartition, TreeMap<Long, Integer>> attempts = new HashMap<>();
        long[] seen = {0, Long.MAX_VALUE, Long.MIN_VALUE};
        range.to().forEach((name, to) -> {
            TopicPartition at = Vectors.partition(name);
            long from = range.from().getOrDefault(name, 0L);
            reader.records(at.topic(), at.partition(), from, to, letter -> {
                seen[0]++;
                place(letter).ifPresent(failed -> {
                    int attempt = Math.toIntExact(number(letter, ATTEMPT).orElse(1L));
                    attempts.computeIfAbsent(failed, unknown -> new TreeMap<>())
                            .merge(number(letter, OFFSET).orElse(0L), attempt, Math::max);
                    long millis = millis(letter, failed, times);
                    seen[1] = Math.min(seen[1], millis);
                    seen[2] = Math.max(seen[2], millis);
                });
            });
        });
        return new FailedRecords(attempts, seen[0], seen[1], seen[2]);
    }

    /// How many letters of a range are of records that had failed before.
    static long again(ResultReader reader, Map<String, Long> from, Map<String, Long> to) {
        long[] count = new long[1];
        to.forEach((name, end) -> {
            TopicPartition at = Vectors.partition(name);
            reader.records(
                    at.topic(),
                    at.partition(),
                    from.getOrDefault(name, 0L),
                    end,
                    letter -> count[0] += number(letter, ATTEMPT).isPresent() ? 1 : 0);
        });
        return count[0];
    }

    /// The record's own time where its topic tells it; what the letter carries where it cannot be read.
    private static long millis(
            ConsumerRecord<byte[], byte[]> letter, TopicPartition failed, Function<String, RecordTime> times) {
        ConsumerRecord<byte[], byte[]> original = new ConsumerRecord<>(
                failed.topic(),
                failed.partition(),
                0,
                letter.timestamp(),
                letter.timestampType(),
                letter.serializedKeySize(),
                letter.serializedValueSize(),
                letter.key(),
                letter.value(),
                letter.headers(),
                Optional.empty());
        long millis = times.apply(failed.topic()).of(original);
        return millis == RecordTime.NONE ? letter.timestamp() : millis;
    }

    private static Optional<TopicPartition> place(ConsumerRecord<byte[], byte[]> letter) {
        return text(letter, TOPIC)
                .flatMap(topic -> number(letter, PARTITION)
                        .map(partition -> new TopicPartition(topic, Math.toIntExact(partition))));
    }

    private static Optional<Long> number(ConsumerRecord<byte[], byte[]> letter, String name) {
        return text(letter, name).filter(text -> text.matches("[0-9]{1,18}")).map(Long::parseLong);
    }

    private static Optional<String> text(ConsumerRecord<byte[], byte[]> letter, String name) {
        Header header = letter.headers().lastHeader(name);
        return header == null || header.value() == null
                ? Optional.empty()
                : Optional.of(new String(header.value(), StandardCharsets.UTF_8));
    }

    /// As the handler of dead letters names records.
    Map<String, Integer> attemptsByPosition() {
        Map<String, Integer> named = new HashMap<>();
        attempts.forEach((partition, offsets) ->
                offsets.forEach((offset, attempt) -> named.put(partition + "@" + offset, attempt)));
        return named;
    }

    /// The offsets of each partition.
    Map<TopicPartition, Set<Long>> offsets() {
        Map<TopicPartition, Set<Long>> offsets = new HashMap<>();
        attempts.forEach((partition, failed) -> offsets.put(partition, new HashSet<>(failed.keySet())));
        return offsets;
    }
}

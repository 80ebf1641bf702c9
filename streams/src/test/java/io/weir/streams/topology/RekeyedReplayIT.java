package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.replay.ReplaySettings;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.state.WindowStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// History that was in order, read again by a job that re-keys: plain Kafka Streams drops a large part of it as late,
/// ours drops nothing. Records of 2001, four partitions, windows of a minute, a minute of grace.
class RekeyedReplayIT {
    private static final int RECORDS = 200_000;
    private static final int PARTITIONS = 4;
    private static final int USERS = 400;
    private static final long STEP_MILLIS = 500;
    private static final long MINUTE = 60_000;
    private static final long START = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    @TempDir
    static Path data;

    static NodeLog log;
    static Map<String, String> expected;

    record Click(Instant at, String user, long cents) {}

    record Spent(long n, long cents) {}

    static final class SpentPerMinute implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("clicks", Click.class)
                    .eventTime(Click::at)
                    .keyBy(Click::user)
                    .window(tumbling("1m").grace("1m").late("clicks.late"))
                    .aggregate(Spent.class, count("n"), sum(Click::cents, "cents"))
                    .to("spent");
        }
    }

    @BeforeAll
    static void produceHistory() throws Exception {
        log = new NodeLog(data.resolve("node"));
        log.create("clicks", PARTITIONS, Map.of("retention.ms", "-1"));
        expected = produce();
    }

    @AfterAll
    static void stopNode() {
        log.close();
    }

    @Test
    void plainKafkaStreamsDropsAThirdOfOrderedHistoryAsLate() {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("clicks", Consumed.with(Serdes.String(), Serdes.String()))
                .map((key, value) -> KeyValue.pair(
                        value.substring(value.indexOf("\"user\":\"") + 8, value.indexOf("\",\"cents")), value))
                .groupByKey(Grouped.with(Serdes.String(), Serdes.String()))
                .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofMinutes(1)))
                .count(Materialized.<String, Long, WindowStore<Bytes, byte[]>>with(Serdes.String(), Serdes.Long())
                        .withStoreType(Materialized.StoreType.IN_MEMORY));
        Properties settings = new Properties();
        settings.putAll(log.client());
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, "plain");
        settings.put(StreamsConfig.STATE_DIR_CONFIG, data.resolve("plain").toString());
        settings.put("auto.offset.reset", "earliest");
        try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
            streams.start();
            await().atMost(PATIENCE)
                    .pollInterval(Duration.ofMillis(200))
                    .until(() -> metric(streams, "stream-thread-metrics", "process-total") >= 2L * RECORDS);
            double dropped = metric(streams, "stream-task-metrics", "dropped-records-total");
            assertThat(dropped / RECORDS).as("share that was dropped").isGreaterThan(0.3);
        }
    }

    @Test
    void anAlignedReplayDropsNothingAndGivesEveryFinal() throws Exception {
        Map<TopicPartition, Long> starts = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            starts.put(new TopicPartition("clicks", partition), 0L);
        }
        log.ends("clicks").forEach(ends::put);
        RunningVersion version = new KafkaStreamsRunner(Clock.systemUTC())
                .start(RunSpec.of(
                                Plan.of("spent", new SpentPerMinute()),
                                getClass().getClassLoader(),
                                Map.of(
                                        "bootstrap.servers",
                                        log.client().get("bootstrap.servers"),
                                        "auto.offset.reset",
                                        "earliest"),
                                data.resolve("state"))
                        .version(2)
                        .into(Map.of("spent", "spent.v2", "clicks.late", "clicks.late.v2"))
                        .reading(ReplaySettings.of(ends, MINUTE / 2).from(starts)));
        try {
            await().atMost(PATIENCE).until(() -> {
                assertThat(version.state()).isNotInstanceOf(RunState.Failed.class);
                return version.control().caughtUp();
            });
            await().atMost(PATIENCE).until(() -> log.count("spent.v2") >= expected.size());
            assertThat(version.counts().lateByStage().values()).containsOnly(0L);
            assertThat(version.counts().deadLetters()).isZero();
            assertThat(version.control().progress().percent()).isEqualTo(100.0);
        } finally {
            version.stop(Duration.ofSeconds(20));
        }
        Map<String, String> finals = new TreeMap<>();
        for (ConsumerRecord<String, String> row : log.read("spent.v2")) {
            assertThat(finals.put(row.key(), row.value())).as(row.key()).isNull();
        }
        assertThat(finals).isEqualTo(expected);
        assertThat(log.read("clicks.late.v2")).isEmpty();
    }

    /// In order of time, spread over the partitions; at last one click per user far later, which closes all windows.
    private static Map<String, String> produce() throws ExecutionException, InterruptedException {
        Random random = new Random(20260820);
        Map<String, long[]> sums = new HashMap<>();
        Future<RecordMetadata> last = null;
        try (KafkaProducer<String, String> producer = log.producer()) {
            for (int i = 0; i < RECORDS; i++) {
                long at = START + i * STEP_MILLIS;
                String user = "u-" + random.nextInt(USERS);
                long cents = random.nextInt(1_000);
                last = producer.send(click(i % PARTITIONS, at, user, cents));
                long[] sum = sums.computeIfAbsent(key(user, at / MINUTE * MINUTE), unknown -> new long[2]);
                sum[0]++;
                sum[1] += cents;
            }
            long later = START + RECORDS * STEP_MILLIS + 10 * MINUTE;
            for (int user = 0; user < USERS; user++) {
                last = producer.send(click(user % PARTITIONS, later, "u-" + user, 0));
            }
            last.get();
        }
        Map<String, String> rows = new TreeMap<>();
        sums.forEach((key, sum) -> rows.put(key, "{\"n\":" + sum[0] + ",\"cents\":" + sum[1] + "}"));
        return rows;
    }

    private static ProducerRecord<String, String> click(int partition, long at, String user, long cents) {
        String value =
                "{\"at\":\"" + Instant.ofEpochMilli(at) + "\",\"user\":\"" + user + "\",\"cents\":" + cents + "}";
        return new ProducerRecord<>("clicks", partition, at, "k", value);
    }

    private static String key(String user, long start) {
        return "{\"key\":\"" + user + "\",\"window_start\":\"" + Instant.ofEpochMilli(start) + "\",\"window_end\":\""
                + Instant.ofEpochMilli(start + MINUTE) + "\"}";
    }

    private static double metric(KafkaStreams streams, String group, String name) {
        return streams.metrics().values().stream()
                .filter(metric -> metric.metricName().group().equals(group)
                        && metric.metricName().name().equals(name))
                .mapToDouble(metric -> ((Number) metric.metricValue()).doubleValue())
                .sum();
    }
}

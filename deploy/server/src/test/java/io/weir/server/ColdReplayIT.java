package io.weir.server;

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
import io.weir.streams.replay.ColdRecords;
import io.weir.streams.replay.ColdSource;
import io.weir.streams.replay.ColumnFold;
import io.weir.streams.replay.FoldLimits;
import io.weir.streams.replay.FoldQuery;
import io.weir.streams.replay.ReplayProgress;
import io.weir.streams.replay.ReplaySettings;
import io.weir.streams.replay.ReplayTier;
import io.weir.streams.topology.KafkaStreamsRunner;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerInterceptor;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Replays that read the archive, on a real log with an archive: the same records, the same finals, and no
/// cold read
/// at the broker. Records that are late, out of order, doubled, without key or value, no JSON, of aborted
/// transactions
/// and of one that is still open.
class ColdReplayIT {
    private static final int PARTITIONS = 3;
    private static final int ORDERED_PARTITIONS = 4;
    private static final int ORDERED = 24_000;
    private static final int USERS = 200;
    private static final long MINUTE = 60_000;
    private static final long START = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
    private static final long MEMORY = 32L << 20;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long SEED = Long.getLong("weir.test.seed", 20261120L);

    /// How many more rows a job processes before it dies.
    private static final AtomicLong FUSE = new AtomicLong(Long.MAX_VALUE);

    private static final FoldLimits FOLDED_AT_A_TIME = new FoldLimits(100, 1_000_000, 100_000);

    /// What is done when columns have been folded.
    private static volatile Runnable folded = () -> {};

    private static final ColumnFold FOLDS = new ColumnFold() {
        @Override
        public Optional<String> absence() {
            return log.columns.absence();
        }

        @Override
        public Folded fold(TopicPartition partition, long from, long to, FoldQuery query) {
            Folded answer = log.columns.fold(partition, from, to, query);
            long lines = answer.pages().stream()
                    .mapToLong(page ->
                            new String(page, StandardCharsets.UTF_8).lines().count())
                    .sum();
            if (lines > 20) {
                folded.run();
            }
            return answer;
        }
    };

    @TempDir
    static Path data;

    private static TieredLog log;
    private static KafkaProducer<byte[], byte[]> open;
    private static Outcome broker;

    record Click(Instant at, String user, long cents) {}

    record Spent(long n, long cents) {}

    /// Ends a stream thread as `kill -9` does: nothing is committed, nothing is closed.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    /// No re-key: which rows are late depends on the order within each partition alone.
    static final class Fuzzed implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("fuzz", Click.class)
                    .eventTime(Click::at)
                    .where(click -> {
                        if (FUSE.decrementAndGet() < 0) {
                            throw new Killed();
                        }
                        return true;
                    })
                    .keyedBy(Click::user)
                    .window(tumbling("1m").grace("1m").late("fuzz.late"))
                    .aggregate(Spent.class, count("n"), sum(Click::cents, "cents"))
                    .to("fuzz.spent");
        }
    }

    /// The same in words that can be folded from columns.
    static final class Foldable implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("fuzz", Click.class)
                    .eventTime(Click::at)
                    .keyedBy(Click::user)
                    .window(tumbling("1m").grace("1m"))
                    .aggregate(Spent.class, count("n"), sum(Click::cents, "cents"))
                    .to("fuzz.spent");
        }
    }

    /// Lets a job die while it writes what was folded.
    public static final class Fuse implements ProducerInterceptor<byte[], byte[]> {
        private static final AtomicLong SENDS = new AtomicLong(Long.MAX_VALUE);

        @Override
        public ProducerRecord<byte[], byte[]> onSend(ProducerRecord<byte[], byte[]> record) {
            if (SENDS.decrementAndGet() == -1) {
                throw new Killed();
            }
            return record;
        }

        @Override
        public void onAcknowledgement(RecordMetadata metadata, Exception exception) {
            // it is about sending
        }

        @Override
        public void close() {
            // has nothing
        }

        @Override
        public void configure(Map<String, ?> configs) {
            // needs nothing
        }
    }

    static final class Rekeyed implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("ordered", Click.class)
                    .eventTime(Click::at)
                    .keyBy(Click::user)
                    .window(tumbling("1m").grace("1m").late("ordered.late"))
                    .aggregate(Spent.class, count("n"), sum(Click::cents, "cents"))
                    .to("ordered.spent");
        }
    }

    /// What a run has left, each row once.
    private record Outcome(Map<String, String> finals, List<String> late, List<String> deadLetters) {}

    @BeforeAll
    static void produceHistory() throws Exception {
        System.out.println("ColdReplayIT seed " + SEED + ", again with -Dweir.test.seed=" + SEED);
        log = new TieredLog(data.resolve("node"));
        log.create("fuzz", PARTITIONS, TieredLog.TIERED);
        log.create("ordered", ORDERED_PARTITIONS, TieredLog.TIERED);
        produceFuzz(new Random(SEED));
        produceOrdered();
        log.awaitTiered("fuzz", PARTITIONS);
        log.awaitTiered("ordered", ORDERED_PARTITIONS);
    }

    @AfterAll
    static void stopNode() throws Exception {
        if (open != null) {
            open.close(Duration.ZERO);
        }
        log.close();
    }

    @Test
    void archivedRecordsAreTheBrokersRecords() throws Exception {
        Random random = new Random(SEED);
        for (int number = 0; number < PARTITIONS; number++) {
            TopicPartition partition = new TopicPartition("fuzz", number);
            long end = log.cold.ends("fuzz").get(partition);
            for (long from : new long[] {0, random.nextInt((int) end), end - 1, end}) {
                List<List<Object>> expected = log.consume(partition, from).stream()
                        .filter(record -> record.offset() < end)
                        .map(ColdReplayIT::everythingOf)
                        .toList();

                List<List<Object>> archived = new ArrayList<>();
                ColdRecords records = log.cold.open(partition, from);
                ColdRecords.Part part = records.next(1 + random.nextInt(300_000));
                while (!part.last()) {
                    part.records().forEach(record -> archived.add(everythingOf(record)));
                    part = records.next(1 + random.nextInt(300_000));
                }

                assertThat(part.next()).isEqualTo(end);
                assertThat(archived)
                        .as("%s from %d, seed %d", partition, from, SEED)
                        .isEqualTo(expected);
            }
        }
    }

    @Test
    void t1AndT2GiveTheSameFinalsAndT2NoColdReadAtTheBroker() throws Exception {
        long before = TieredLog.coldBatches();
        ReplayProgress cold = replay(ReplayTier.T2, "cold");
        assertThat(TieredLog.coldBatches())
                .as("cold batches served by the broker")
                .isEqualTo(before);
        assertThat(cold.coldRecords()).isPositive();
        assertThat(cold.hotRecords()).isPositive();
        long records = log.consume("fuzz", PARTITIONS).size();
        assertThat(cold.coldRecords() + cold.hotRecords()).isEqualTo(records);

        assertThat(outcome("cold")).as("seed %d", SEED).isEqualTo(throughTheBroker());
    }

    /// What T1 makes of the history; run once.
    private static synchronized Outcome throughTheBroker() throws Exception {
        Outcome known = broker;
        if (known == null) {
            long before = TieredLog.coldBatches();
            assertThat(replay(ReplayTier.T1, "broker").coldRecords()).isZero();
            assertThat(TieredLog.coldBatches()).isGreaterThan(before);
            known = outcome("broker");
            assertThat(known.finals()).hasSizeGreaterThan(100);
            assertThat(known.late()).isNotEmpty();
            assertThat(known.deadLetters()).isNotEmpty();
            broker = known;
        }
        return known;
    }

    @Test
    void aReplayThatIsKilledEndsWithTheSameFinals() throws Exception {
        killed("killed", 1);
    }

    @Test
    void foldedHistoryEndsWithTheSameFinalsThoughTheReplayIsKilledWhileItFolds() throws Exception {
        folded = () -> Fuse.SENDS.set(25);
        RunningVersion killed = start(new Foldable(), "fuzz", ReplayTier.T3, "folded", PARTITIONS);
        try {
            await().atMost(PATIENCE).until(() -> killed.state() instanceof RunState.Failed);
        } finally {
            folded = () -> {};
            Fuse.SENDS.set(Long.MAX_VALUE);
            killed.stop(Duration.ofSeconds(20));
        }
        long before = TieredLog.coldBatches();
        RunningVersion version = start(new Foldable(), "fuzz", ReplayTier.T3, "folded", PARTITIONS);
        long late;
        try {
            awaitCaughtUp(version);
            awaitCommitted("folded", "fuzz", PARTITIONS);
            assertThat(version.control().progress().foldedRecords()).isGreaterThan(1_000);
            late = version.counts().lateByStage().values().stream()
                    .mapToLong(Long::longValue)
                    .sum();
        } finally {
            version.stop(Duration.ofSeconds(20));
        }

        assertThat(TieredLog.coldBatches()).isEqualTo(before);
        assertThat(finals("fuzz.spent-folded"))
                .as("seed %d", SEED)
                .isEqualTo(throughTheBroker().finals());
        assertThat(values("folded.dlq")).isEqualTo(throughTheBroker().deadLetters());
        assertThat(late)
                .isPositive()
                .isLessThanOrEqualTo(throughTheBroker().late().size());
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void aReplayThatIsKilledTwentyTimesEndsWithTheSameFinals() throws Exception {
        killed("killed-often", 20);
    }

    private void killed(String name, int kills) throws Exception {
        long records = log.consume("fuzz", PARTITIONS).size();
        Random random = new Random(SEED);
        for (int kill = 0; kill < kills; kill++) {
            FUSE.set(1 + random.nextInt((int) (records / (kills + 1))));
            RunningVersion version = start(new Fuzzed(), "fuzz", ReplayTier.T2, name, PARTITIONS);
            try {
                await().atMost(PATIENCE)
                        .until(() -> version.state() instanceof RunState.Failed
                                || version.control().caughtUp());
            } finally {
                FUSE.set(Long.MAX_VALUE);
                version.stop(Duration.ofSeconds(20));
            }
        }
        long before = TieredLog.coldBatches();

        replay(ReplayTier.T2, name);

        assertThat(TieredLog.coldBatches()).isEqualTo(before);
        assertThat(outcome(name)).as("seed %d", SEED).isEqualTo(throughTheBroker());
    }

    @Test
    void orderedHistoryBehindARekeyLosesNothing() throws Exception {
        long before = TieredLog.coldBatches();
        RunningVersion version = start(new Rekeyed(), "ordered", ReplayTier.T2, "ordered", ORDERED_PARTITIONS);
        try {
            awaitCaughtUp(version);
            awaitCommitted("ordered", "ordered", ORDERED_PARTITIONS);
            Map<String, String> expected = orderedFinals();
            await().atMost(PATIENCE).until(() -> finals("ordered.spent-ordered").size() >= expected.size());
            assertThat(finals("ordered.spent-ordered")).isEqualTo(expected);
            assertThat(version.counts().lateByStage().values()).containsOnly(0L);
            assertThat(version.counts().deadLetters()).isZero();
            assertThat(version.control().progress().coldRecords()).isGreaterThan(ORDERED / 2);
        } finally {
            version.stop(Duration.ofSeconds(20));
        }
        assertThat(TieredLog.coldBatches()).isEqualTo(before);
    }

    private static ReplayProgress replay(ReplayTier tier, String name) throws Exception {
        RunningVersion version = start(new Fuzzed(), "fuzz", tier, name, PARTITIONS);
        try {
            awaitCaughtUp(version);
            awaitCommitted(name, "fuzz", PARTITIONS);
            return version.control().progress();
        } finally {
            version.stop(Duration.ofSeconds(20));
        }
    }

    private static RunningVersion start(StreamJob job, String topic, ReplayTier tier, String name, int partitions)
            throws Exception {
        Map<TopicPartition, Long> starts = new HashMap<>();
        Map<TopicPartition, Long> ends = log.ends(topic, partitions);
        ends.keySet().forEach(partition -> starts.put(partition, 0L));
        Map<String, Object> client = log.client();
        client.put("auto.offset.reset", "earliest");
        client.put("commit.interval.ms", 300);
        // whoever was killed is missed after as much
        client.put("session.timeout.ms", 6_000);
        client.put("heartbeat.interval.ms", 1_000);
        client.put("producer.interceptor.classes", Fuse.class.getName());
        return new KafkaStreamsRunner(
                        Clock.systemUTC(),
                        KafkaStreamsRunner.ROCKSDB_BYTES,
                        KafkaStreamsRunner.NO_SCHEMAS,
                        new ColdSource(log.cold, MEMORY).foldedBy(FOLDS, FOLDED_AT_A_TIME))
                .start(RunSpec.of(
                                Plan.of(name, job), ColdReplayIT.class.getClassLoader(), client, data.resolve("state"))
                        .version(2)
                        .into(Map.of(
                                topic + ".spent", topic + ".spent-" + name, topic + ".late", topic + ".late-" + name))
                        .reading(
                                ReplaySettings.of(ends, MINUTE / 2).from(starts).through(tier)));
    }

    private static void awaitCaughtUp(RunningVersion version) {
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            assertThat(version.state()).isNotInstanceOf(RunState.Failed.class);
            return version.control().caughtUp();
        });
    }

    /// Everything up to the end is processed and can be read.
    private static void awaitCommitted(String name, String topic, int partitions) throws Exception {
        Map<TopicPartition, Long> ends = log.ends(topic, partitions);
        await().atMost(PATIENCE).pollInterval(Duration.ofMillis(50)).until(() -> {
            Map<TopicPartition, Long> committed = new HashMap<>();
            log.admin
                    .listConsumerGroupOffsets(name + ".v2")
                    .partitionsToOffsetAndMetadata()
                    .get()
                    .forEach((partition, position) -> committed.put(partition, position.offset()));
            return ends.entrySet().stream().allMatch(end -> committed.getOrDefault(end.getKey(), 0L) >= end.getValue());
        });
    }

    private static Outcome outcome(String name) throws Exception {
        return new Outcome(finals("fuzz.spent-" + name), values("fuzz.late-" + name), values(name + ".dlq"));
    }

    private static Map<String, String> finals(String topic) throws Exception {
        Map<String, String> finals = new TreeMap<>();
        for (ConsumerRecord<byte[], byte[]> row : log.consume(topic, partitionsOf(topic))) {
            assertThat(finals.put(text(row.key()), text(row.value())))
                    .as("a final twice: %s", text(row.key()))
                    .isNull();
        }
        return finals;
    }

    private static List<String> values(String topic) throws Exception {
        return log.consume(topic, partitionsOf(topic)).stream()
                .map(row -> text(row.key()) + " " + text(row.value()))
                .sorted()
                .toList();
    }

    private static int partitionsOf(String topic) throws Exception {
        return log.admin
                .describeTopics(List.of(topic))
                .allTopicNames()
                .get()
                .get(topic)
                .partitions()
                .size();
    }

    /// Everything that a consumer can ask a record, with arrays as what they hold.
    private static List<Object> everythingOf(ConsumerRecord<byte[], byte[]> record) {
        List<Object> headers = new ArrayList<>();
        record.headers().forEach(header -> headers.add(header.key() + "=" + Arrays.toString(header.value())));
        return Arrays.asList(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.timestampType(),
                record.leaderEpoch(),
                record.serializedKeySize(),
                record.serializedValueSize(),
                record.key() == null ? null : ByteBuffer.wrap(record.key()),
                record.value() == null ? null : ByteBuffer.wrap(record.value()),
                headers);
    }

    /// Transactions by three producers with a codec each, every third one aborted; the last one stays open.
    private static void produceFuzz(Random random) {
        List<KafkaProducer<byte[], byte[]>> producers = new ArrayList<>();
        for (String codec : List.of("none", "lz4", "zstd")) {
            producers.add(producer(codec, "tx-" + codec));
        }
        producers.forEach(KafkaProducer::initTransactions);
        long now = START;
        for (int transaction = 0; transaction < 24; transaction++) {
            KafkaProducer<byte[], byte[]> producer = producers.get(random.nextInt(producers.size()));
            producer.beginTransaction();
            for (int i = 0; i < 500; i++) {
                now += random.nextInt(100);
                // records that nobody can read keep those around them from being folded
                ProducerRecord<byte[], byte[]> record =
                        fuzzed(random, now, transaction < 6 || transaction > 17 ? 60 : 10_000);
                producer.send(record);
                if (random.nextInt(20) == 0) {
                    producer.send(record);
                }
            }
            if (random.nextInt(3) == 0) {
                producer.flush();
                producer.abortTransaction();
            } else {
                producer.commitTransaction();
            }
        }
        producers.forEach(KafkaProducer::close);
        try (KafkaProducer<byte[], byte[]> plain = producer("gzip", "")) {
            // closes the windows of every user
            for (int user = 0; user < USERS; user++) {
                plain.send(click("fuzz", null, now + 60 * MINUTE, "u-" + user, 1, ""));
            }
        }
        open = producer("snappy", "tx-open");
        open.initTransactions();
        open.beginTransaction();
        for (int user = 0; user < USERS; user++) {
            open.send(click("fuzz", null, now + 90 * MINUTE, "u-" + user, 1, ""));
        }
        open.flush();
    }

    private static ProducerRecord<byte[], byte[]> fuzzed(Random random, long now, int readable) {
        String user = "u-" + random.nextInt(USERS);
        // most in order, some out of order within the grace, some far too late
        long at = now - (random.nextInt(3) == 0 ? random.nextInt(20) == 0 ? 10 * MINUTE : random.nextInt(60_000) : 0);
        byte[] noise = new byte[200];
        random.nextBytes(noise);
        ProducerRecord<byte[], byte[]> record =
                click("fuzz", null, Math.max(START, at), user, random.nextInt(1_000), Arrays.toString(noise));
        if (random.nextInt(7) == 0) {
            record.headers().add(new RecordHeader("h", noise)).add(new RecordHeader("h", null));
        }
        return switch (random.nextInt(readable)) {
            case 0 -> new ProducerRecord<>("fuzz", random.nextInt(PARTITIONS), at, (byte[]) null, record.value());
            case 1 -> new ProducerRecord<>("fuzz", null, at, record.key(), (byte[]) null);
            case 2 -> new ProducerRecord<>("fuzz", null, at, record.key(), noise);
            case 3 -> new ProducerRecord<>("fuzz", null, at, record.key(), new byte[0]);
            default -> record;
        };
    }

    /// In order of time, spread over the partitions; at last one click per user far later, which closes all
    /// windows.
    private static void produceOrdered() {
        try (KafkaProducer<byte[], byte[]> producer = producer("none", "")) {
            Random random = new Random(SEED);
            for (int i = 0; i < ORDERED; i++) {
                producer.send(click(
                        "ordered",
                        i % ORDERED_PARTITIONS,
                        START + i * 500L,
                        "u-" + random.nextInt(USERS),
                        random.nextInt(1_000),
                        "x".repeat(250)));
            }
            long later = START + ORDERED * 500L + 10 * MINUTE;
            for (int user = 0; user < USERS; user++) {
                producer.send(click("ordered", user % ORDERED_PARTITIONS, later, "u-" + user, 0, ""));
            }
        }
    }

    private static Map<String, String> orderedFinals() {
        Map<String, long[]> sums = new HashMap<>();
        Random random = new Random(SEED);
        for (int i = 0; i < ORDERED; i++) {
            long at = START + i * 500L;
            String user = "u-" + random.nextInt(USERS);
            long cents = random.nextInt(1_000);
            String key = "{\"key\":\"" + user + "\",\"window_start\":\"" + Instant.ofEpochMilli(at / MINUTE * MINUTE)
                    + "\",\"window_end\":\"" + Instant.ofEpochMilli(at / MINUTE * MINUTE + MINUTE) + "\"}";
            long[] sum = sums.computeIfAbsent(key, unknown -> new long[2]);
            sum[0]++;
            sum[1] += cents;
        }
        Map<String, String> rows = new TreeMap<>();
        sums.forEach((key, sum) -> rows.put(key, "{\"n\":" + sum[0] + ",\"cents\":" + sum[1] + "}"));
        return rows;
    }

    private static KafkaProducer<byte[], byte[]> producer(String codec, String transactions) {
        Map<String, Object> settings = log.client();
        settings.put("compression.type", codec);
        settings.put("linger.ms", 20);
        settings.put("max.in.flight.requests.per.connection", 1);
        settings.put("transaction.timeout.ms", 600_000);
        if (!transactions.isEmpty()) {
            settings.put("transactional.id", transactions);
        }
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> click(
            String topic, Integer partition, long at, String user, long cents, String more) {
        String value = "{\"at\":\"" + Instant.ofEpochMilli(at) + "\",\"user\":\"" + user + "\",\"cents\":" + cents
                + ",\"more\":\"" + more + "\"}";
        return new ProducerRecord<>(topic, partition, at, bytes(user), value.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
    }
}

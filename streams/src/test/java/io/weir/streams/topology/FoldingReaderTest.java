package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.avg;
import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.countIf;
import static io.weir.streams.dsl.Aggregate.first;
import static io.weir.streams.dsl.Aggregate.last;
import static io.weir.streams.dsl.Aggregate.max;
import static io.weir.streams.dsl.Aggregate.min;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.job.RunCounts;
import io.weir.streams.replay.ColdRecords;
import io.weir.streams.replay.FoldLimits;
import io.weir.streams.replay.ReplaySettings;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is folded from columns, against the same topology fed with each record: random rows, cut anywhere.
class FoldingReaderTest {
    private static final TopicPartition TRADES = new TopicPartition("trades", 0);
    private static final Clock CLOCK = Clock.fixed(Instant.parse("2020-01-01T00:00:00Z"), ZoneOffset.UTC);
    private static final Duration CLOSING = Duration.ofDays(1);
    private static final long START = Instant.parse("2019-01-01T00:00:00Z").toEpochMilli();

    private static final long SEEDS = Long.getLong("weir.test.seeds", 4);

    @TempDir
    Path folder;

    record Trade(Instant at, String user, long cents, Integer pieces, BigDecimal price, boolean live, String note) {}

    record Result(
            long n,
            long lively,
            long cents,
            BigDecimal total,
            Integer least,
            BigDecimal dearest,
            Instant latest,
            BigDecimal mean,
            Double rough,
            String opening,
            long closing,
            Boolean state) {}

    static final class Everything implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("trades", Trade.class)
                    .eventTime(Trade::at)
                    .where(Trade::note)
                    .isNot("it's off")
                    .where(Trade::cents)
                    .lt(900L)
                    .keyedBy(Trade::user)
                    .window(tumbling("10s").grace("5s"))
                    .aggregate(
                            Result.class,
                            count("n"),
                            countIf(Trade::live, "lively"),
                            sum(Trade::cents, "cents"),
                            sum(Trade::price, "total"),
                            min(Trade::pieces, "least"),
                            max(Trade::price, "dearest"),
                            max(Trade::at, "latest"),
                            avg(Trade::price, "mean"),
                            avg(Trade::pieces, "rough"),
                            first(Trade::note, "opening"),
                            last(Trade::cents, "closing"),
                            last(Trade::live, "state"))
                    .to("results");
        }
    }

    /// What a run has left.
    private record Outcome(List<String> finals, List<String> letters, RunCounts counts) {}

    @Test
    void foldedHistoryEndsAsEachRecordByItselfDoes() throws Exception {
        long folded = 0;
        for (long seed = 0; seed < SEEDS; seed++) {
            Random random = new Random(seed);
            Plan plan = Plan.of("trading", new Everything());
            FoldPlan fold = FoldRules.of(plan);
            try (ColumnHistory history = new ColumnHistory(
                    TRADES, "m0 BIGINT, m1 VARCHAR, m2 BIGINT, m3 BIGINT, m4 DECIMAL(18,2), m5 BOOLEAN, m6 VARCHAR")) {
                List<ConsumerRecord<byte[], byte[]>> records = fill(history, random);
                Outcome expected = run(plan, records);

                List<ConsumerRecord<byte[], byte[]>> delivered = new ArrayList<>();
                FoldLimits limits = new FoldLimits(10, 30 + random.nextInt(400), 20 + random.nextInt(100));
                long cut = history.end() - random.nextInt(100);
                folded += read(history, fold, limits, cut, random.nextInt(50), delivered);

                assertThat(run(plan, delivered)).as("seed %d", seed).isEqualTo(expected);
                assertThat(expected.finals()).as("seed %d", seed).hasSizeGreaterThan(30);
            }
        }
        assertThat(folded).isGreaterThan(200 * SEEDS);
    }

    /// @return records that others stand for
    private static long read(
            ColumnHistory history,
            FoldPlan plan,
            FoldLimits limits,
            long cut,
            long from,
            List<ConsumerRecord<byte[], byte[]>> delivered) {
        ReplaySettings settings = ReplaySettings.of(Map.of(TRADES, cut), 1);
        FoldStates states = new FoldStates(plan, new ColumnsFold(plan.window(), Json.mapper()));
        FoldingReader reader = new FoldingReader(history, history, plan, states, settings, 1, CLOCK, limits);
        long folded = 0;
        ColdRecords.Part before = history.open(TRADES, 0).next(1);
        while (before.next() < from) {
            delivered.addAll(before.records());
            before = history.open(TRADES, before.next()).next(1);
        }
        delivered.addAll(before.records());
        ColdRecords records = reader.open(TRADES, before.next());
        ColdRecords.Part part = records.next(1);
        long position = before.next();
        while (!part.last()) {
            assertThat(part.next()).isGreaterThan(position);
            for (ConsumerRecord<byte[], byte[]> record : part.records()) {
                assertThat(record.offset()).isBetween(position, part.next() - 1);
            }
            if (part.folded() > 0) {
                assertThat(part.next()).isLessThanOrEqualTo(cut);
            }
            position = part.next();
            folded += part.folded();
            delivered.addAll(part.records());
            part = records.next(1);
        }
        assertThat(part.next()).isEqualTo(history.end());
        return folded;
    }

    private Outcome run(Plan plan, List<ConsumerRecord<byte[], byte[]>> records) throws Exception {
        TestableTopology topology = new TestableTopology(
                plan,
                java.nio.file.Files.createTempDirectory(folder, "state"),
                CLOCK,
                CLOSING,
                TestableTopology.noRegistry());
        try (TopologyTestDriver driver =
                new TopologyTestDriver(topology.topology(), topology.settings(), Instant.EPOCH)) {
            TestInputTopic<byte[], byte[]> input =
                    driver.createInputTopic("trades", new ByteArraySerializer(), new ByteArraySerializer());
            for (ConsumerRecord<byte[], byte[]> record : records) {
                input.pipeInput(new TestRecord<>(
                        record.key(), record.value(), record.headers(), Instant.ofEpochMilli(record.timestamp())));
            }
            driver.advanceWallClockTime(CLOSING);
            List<String> finals = driver
                    .createOutputTopic("results", new ByteArrayDeserializer(), new ByteArrayDeserializer())
                    .readRecordsToList()
                    .stream()
                    .map(row -> text(row.key()) + " " + text(row.value()))
                    .sorted()
                    .toList();
            List<String> letters = new ArrayList<>();
            ProducerRecord<byte[], byte[]> letter = topology.deadLetter();
            while (letter != null) {
                letters.add(text(letter.key()) + " " + text(letter.value()));
                letter = topology.deadLetter();
            }
            return new Outcome(finals, letters, topology.counts());
        }
    }

    /// Mostly in order, some late; with gaps, tombstones, nulls, keys that are none, and values that do not bind.
    private static List<ConsumerRecord<byte[], byte[]>> fill(ColumnHistory history, Random random) {
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long offset = random.nextInt(3);
        long now = START;
        int rare = random.nextBoolean() ? 15 : 400;
        for (int i = 0; i < 700; i++) {
            now += random.nextInt(200);
            long at = now - (random.nextInt(4) == 0 ? random.nextInt(40_000) : 0);
            String user = "u'" + random.nextInt(6);
            long cents = random.nextInt(1_000);
            Integer pieces = random.nextInt(3) == 0 ? null : random.nextInt(100) - 50;
            BigDecimal price = random.nextInt(3) == 0 ? null : BigDecimal.valueOf(random.nextInt(100_000) - 50_000, 2);
            boolean live = random.nextBoolean();
            String note = List.of("it's off", "a", "\u00e9\ud83d\ude00", "").get(random.nextInt(4));
            String json = "{\"at\":\"" + Instant.ofEpochMilli(at) + "\",\"user\":\"" + user + "\",\"cents\":" + cents
                    + ",\"pieces\":" + pieces + ",\"price\":" + price + ",\"live\":" + live
                    + (note.isEmpty() ? "" : ",\"note\":\"" + note + "\"") + "}";
            List<String> row = new ArrayList<>(List.of(
                    String.valueOf(offset),
                    quoted(user),
                    "false",
                    "false",
                    String.valueOf(at * 1_000),
                    "true",
                    String.valueOf(at * 1_000),
                    quoted(user),
                    String.valueOf(cents),
                    String.valueOf(pieces),
                    String.valueOf(price),
                    String.valueOf(live),
                    note.isEmpty() ? "NULL" : quoted(note)));
            String key = user;
            switch (random.nextInt(rare)) {
                case 0 -> {
                    key = null;
                    row.set(1, "NULL");
                }
                case 1 -> {
                    key = "somebody else";
                    row.set(1, quoted(key));
                }
                case 2 -> {
                    json = "{\"at\":";
                    row.set(5, "false");
                }
                case 3 -> {
                    json = json.replace("\"cents\":" + cents, "\"cents\":null");
                    row.set(8, "NULL");
                }
                case 4 -> {
                    json = json.replace(Instant.ofEpochMilli(at).toString(), "2100-01-01T00:00:00Z");
                    row.set(
                            6,
                            String.valueOf(Instant.parse("2100-01-01T00:00:00Z").toEpochMilli() * 1_000));
                }
                case 5 -> {
                    json = json.replace("\"pieces\":" + pieces, "\"pieces\":3000000000");
                    row.set(9, "3000000000");
                }
                case 6, 7 -> {
                    json = null;
                    row.set(3, "true");
                }
                default -> {}
            }
            ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                    "trades",
                    0,
                    offset,
                    key == null ? null : key.getBytes(UTF_8),
                    json == null ? null : json.getBytes(UTF_8));
            record = new ConsumerRecord<>(
                    "trades",
                    0,
                    offset,
                    at,
                    org.apache.kafka.common.record.TimestampType.CREATE_TIME,
                    0,
                    0,
                    record.key(),
                    record.value(),
                    new org.apache.kafka.common.header.internals.RecordHeaders(),
                    java.util.Optional.empty());
            history.add(record, row);
            records.add(record);
            offset += 1 + (random.nextInt(10) == 0 ? random.nextInt(5) : 0);
        }
        return records;
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String text(byte[] bytes) {
        return bytes == null ? "null" : new String(bytes, UTF_8);
    }
}

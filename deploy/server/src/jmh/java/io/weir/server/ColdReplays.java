package io.weir.server;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;
import static io.weir.streams.replay.ReplayTier.T1;
import static io.weir.streams.replay.ReplayTier.T2;

import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.replay.ColdSource;
import io.weir.streams.replay.FoldLimits;
import io.weir.streams.replay.ReplaySettings;
import io.weir.streams.replay.ReplayTier;
import io.weir.streams.topology.KafkaStreamsRunner;
import io.weir.tiered.archive.ArchiveBrokerSettings;
import io.weir.tiered.archive.ArchiveLayout;
import io.weir.tiered.archive.ArchiveMetrics;
import io.weir.tiered.archive.ArchivedRecords;
import io.weir.tiered.archive.LakeSchemas;
import io.weir.tiered.archive.RemoteLogFold;
import io.weir.tiered.query.ArchiveStatements;
import io.weir.tiered.query.FileCache;
import io.weir.tiered.query.process.ChildPool;
import io.weir.tiered.query.process.ChildSettings;
import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.TopicColumns;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectStore;
import io.weir.tiered.wiring.SqlColdFiles;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A program: the same job over the same archived history, replayed through the broker (T1), from the archive (T2) and
/// folded in its columns (T3, where the job can be) in turn, each from nothing. All in one process but for the SQL
/// child:
/// node, archive, job. Prints records per second of every run, how many cold batches the broker served in it, and the
/// ratios of the medians.
///
/// Arguments: `records` (default 1,000,000), `runs` of each tier (3), `job` (`windows`: keyed windows; `filter`: one
/// record in a thousand passes, so that reading is most of the work; `rekey`: windows behind a re-key). The SQL child
/// is
/// taken from `-Dweir.sql.child.dir`, default `tiered-storage/target/query-child`.
public final class ColdReplays {
    private static final int PARTITIONS = 4;
    private static final int USERS = 2_000;
    private static final long STEP_MILLIS = 20;
    private static final long START = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
    private static final Duration LIMIT = Duration.ofMinutes(30);

    private ColdReplays() {}

    record Click(Instant at, String user, long cents) {}

    record Spent(long n, long cents) {}

    static final class Windows implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("clicks", Click.class)
                    .eventTime(Click::at)
                    .keyedBy(Click::user)
                    .window(tumbling("10m").grace("1m"))
                    .aggregate(Spent.class, count("n"), sum(Click::cents, "cents"))
                    .to("out");
        }
    }

    static final class Rekey implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("clicks", Click.class)
                    .eventTime(Click::at)
                    .keyBy(Click::user)
                    .window(tumbling("10m").grace("1m"))
                    .aggregate(Spent.class, count("n"), sum(Click::cents, "cents"))
                    .to("out");
        }
    }

    static final class Filter implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("clicks", Click.class)
                    .where(click -> click.cents() == 7)
                    .to("out");
        }
    }

    public static void main(String[] arguments) throws Exception {
        int records = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 1_000_000;
        int runs = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 3;
        String job = arguments.length > 2 ? arguments[2] : "windows";
        Path folder = Files.createTempDirectory("weir-cold-replays");
        System.out.println("data " + folder + ", " + records + " records, job " + job);
        ArchiveBrokerSettings archive = new ArchiveBrokerSettings(folder, Duration.ofMillis(500), 2, Map.of());
        Node node = Node.create(
                        NodeSettings.singleNode(folder).withPorts(0, 0).withContributions(archive.brokerProperties()))
                .start();
        try {
            String kafka = node.awaitRunning(Duration.ofMinutes(1)).kafka().orElseThrow();
            measure(kafka, folder, records, runs, job);
        } finally {
            node.stop(Duration.ofSeconds(30));
        }
    }

    private static void measure(String kafka, Path folder, int records, int runs, String job) throws Exception {
        Map<String, Object> client = Map.of("bootstrap.servers", kafka);
        try (Admin admin = Admin.create(client)) {
            admin.createTopics(List.of(new NewTopic("clicks", PARTITIONS, (short) 1)
                            .configs(Map.of(
                                    "remote.storage.enable", "true",
                                    "segment.bytes", Integer.toString(64 << 20),
                                    "retention.ms", "-1",
                                    "local.retention.ms", "-2",
                                    "local.retention.bytes", "0"))))
                    .all()
                    .get();
            String cluster = admin.describeCluster().clusterId().get();
            LakeSchemas.offer(cluster, new Columns());
            produce(client, records);
            awaitTiered(admin);
            URI root = URI.create(ArchiveBrokerSettings.defaultUri(folder));
            ArchiveLayout layout = new ArchiveLayout(cluster, "lake");
            try (ObjectStore store = HadoopObjectStore.open(root, Map.of());
                    RemoteLogFold fold = new RemoteLogFold(admin, client, store, root, layout);
                    ChildPool children = ChildPool.open(ChildSettings.of(
                            Path.of(System.getProperty("java.home"), "bin", "java"),
                            Path.of(System.getProperty("weir.sql.child.dir", "tiered-storage/target/query-child"))
                                    .toAbsolutePath(),
                            folder.resolve("children")))) {
                ArchivedRecords archived = new ArchivedRecords(fold, store, layout);
                Path cache = folder.resolve("cache");
                ArchiveStatements statements = ArchiveStatements.open(
                        children, new FileCache.Settings(cache, 1L << 30, 1), () -> store, Clock.systemUTC());
                ColdSource cold = new ColdSource(new ArchiveColdReader(() -> archived), 256L << 20)
                        .foldedBy(
                                new ArchiveColumnFold(
                                        () -> archived, new SqlColdFiles(() -> fold, cache)::file, () -> statements),
                                FoldLimits.USUAL);
                measure(kafka, folder, cold, records, runs, job);
            }
        }
    }

    private static void measure(String kafka, Path folder, ColdSource cold, int records, int runs, String job)
            throws Exception {
        Map<ReplayTier, List<Double>> rates = new EnumMap<>(ReplayTier.class);
        for (int run = 0; run <= runs; run++) {
            for (ReplayTier tier : job.equals("windows") ? ReplayTier.values() : new ReplayTier[] {T1, T2}) {
                double rate = replay(kafka, folder, tier, cold, records, job, run);
                if (run > 0) {
                    // the first of each warms the machine
                    rates.computeIfAbsent(tier, first -> new ArrayList<>()).add(rate);
                }
            }
        }
        rates.forEach((tier, all) ->
                System.out.printf(Locale.ROOT, "%s %,.0f records/s (median of %d)%n", tier, median(all), runs));
        System.out.printf(Locale.ROOT, "T2 = %.2f x T1%n", median(rates.get(T2)) / median(rates.get(T1)));
        if (rates.containsKey(ReplayTier.T3)) {
            double folded = median(rates.get(ReplayTier.T3));
            System.out.printf(Locale.ROOT, "T3 = %.2f x T2%n", folded / median(rates.get(T2)));
        }
    }

    private static double replay(
            String kafka, Path folder, ReplayTier tier, ColdSource cold, int records, String job, int run)
            throws Exception {
        String name = job + "-" + tier.name().toLowerCase(Locale.ROOT) + "-" + run;
        Map<TopicPartition, Long> starts = new HashMap<>();
        Map<TopicPartition, Long> ends = new HashMap<>();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka))) {
            for (int number = 0; number < PARTITIONS; number++) {
                TopicPartition partition = new TopicPartition("clicks", number);
                starts.put(partition, 0L);
                ends.put(partition, offset(admin, partition, OffsetSpec.latest()));
            }
        }
        long batches = coldBatches();
        long begun = System.nanoTime();
        RunningVersion version = new KafkaStreamsRunner(
                        Clock.systemUTC(), KafkaStreamsRunner.ROCKSDB_BYTES, KafkaStreamsRunner.NO_SCHEMAS, cold)
                .start(RunSpec.of(
                                Plan.of(name, job(job)),
                                ColdReplays.class.getClassLoader(),
                                Map.of("bootstrap.servers", kafka, "auto.offset.reset", "earliest"),
                                folder.resolve("state"))
                        .version(2)
                        .into(Map.of("out", "out-" + name))
                        .reading(ReplaySettings.of(ends, 30_000).from(starts).through(tier)));
        try {
            long from = awaitRunning(version, begun);
            long until = await(version, records, begun);
            double rate = records / ((until - from) / 1e9);
            System.out.printf(
                    Locale.ROOT,
                    "%s run %d: %,.0f records/s, %.1f s to begin, %d cold batches at the broker, %,d cold %,d folded"
                            + " %,d hot%n",
                    tier,
                    run,
                    rate,
                    (from - begun) / 1e9,
                    coldBatches() - batches,
                    version.control().progress().coldRecords(),
                    version.control().progress().foldedRecords(),
                    version.control().progress().hotRecords());
            return rate;
        } finally {
            version.stop(Duration.ofSeconds(60));
        }
    }

    /// When the job has its partitions.
    @SuppressWarnings("ThreadSleep") // as below
    private static long awaitRunning(RunningVersion version, long begun) throws InterruptedException {
        while (!(version.state() instanceof RunState.Running)) {
            if (version.state() instanceof RunState.Failed || System.nanoTime() - begun > LIMIT.toNanos()) {
                throw new IllegalStateException("The job is " + version.state() + ".");
            }
            Thread.sleep(2);
        }
        return System.nanoTime();
    }

    /// When so many records were taken in by the job.
    @SuppressWarnings("ThreadSleep") // a program that measures others
    private static long await(RunningVersion version, long records, long begun) throws InterruptedException {
        while (version.counts().inByStage().values().stream()
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(0)
                < records) {
            if (version.state() instanceof RunState.Failed || System.nanoTime() - begun > LIMIT.toNanos()) {
                throw new IllegalStateException("The job is " + version.state() + " with " + version.counts() + ".");
            }
            Thread.sleep(2);
        }
        return System.nanoTime();
    }

    /// Columns of the one topic, none of which has fields.
    private static final class Columns implements LakeSchema {
        private TopicColumns known = TopicColumns.NONE;

        @Override
        public synchronized TopicColumns columns(String topic, UUID topicId) {
            return known;
        }

        @Override
        public synchronized TopicColumns grow(String topic, UUID topicId, List<Column> wanted, Duration deadline) {
            List<Column> all = new ArrayList<>();
            for (Column column : wanted) {
                all.add(new Column(13 + all.size(), column.name(), column.source(), column.type()));
            }
            known = all.equals(known.columns()) ? known : new TopicColumns(known.schemaId() + 1, all);
            return known;
        }
    }

    private static StreamJob job(String name) {
        return switch (name) {
            case "windows" -> new Windows();
            case "rekey" -> new Rekey();
            case "filter" -> new Filter();
            default -> throw new IllegalArgumentException("Job '" + name + "': is windows, rekey or filter.");
        };
    }

    /// About 150 bytes of JSON each, in order of time, each user in one partition.
    private static void produce(Map<String, Object> client, int records) {
        Map<String, Object> settings = new HashMap<>(client);
        settings.put("compression.type", "lz4");
        settings.put("linger.ms", 20);
        settings.put("batch.size", 1 << 17);
        Random random = new Random(7);
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                String user = "u-" + random.nextInt(USERS);
                String value = "{\"at\":\"" + Instant.ofEpochMilli(START + i * STEP_MILLIS) + "\",\"user\":\"" + user
                        + "\",\"cents\":" + random.nextInt(1_000) + ",\"page\":\"/products/" + random.nextInt(5_000)
                        + "\",\"agent\":\"browser/" + random.nextInt(90) + ".0\",\"session\":" + random.nextLong()
                        + "}";
                producer.send(new ProducerRecord<>(
                        "clicks",
                        null,
                        START + i * STEP_MILLIS,
                        user.getBytes(StandardCharsets.UTF_8),
                        value.getBytes(StandardCharsets.UTF_8)));
            }
        }
    }

    @SuppressWarnings("ThreadSleep") // as above
    private static void awaitTiered(Admin admin) throws Exception {
        for (int number = 0; number < PARTITIONS; number++) {
            TopicPartition partition = new TopicPartition("clicks", number);
            while (offset(admin, partition, OffsetSpec.earliestLocal())
                    < offset(admin, partition, OffsetSpec.latest())) {
                Thread.sleep(200);
            }
        }
    }

    private static long offset(Admin admin, TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static long coldBatches() {
        Long batches = ArchiveMetrics.PROCESS.counters().get("cold_batches");
        return batches == null ? 0 : batches;
    }

    private static double median(List<Double> values) {
        return values.stream().sorted().toList().get(values.size() / 2);
    }
}

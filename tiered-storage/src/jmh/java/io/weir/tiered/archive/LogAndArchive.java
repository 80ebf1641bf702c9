package io.weir.tiered.archive;

import io.weir.log.engine.Endpoints;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.tiered.shape.BenchmarkSchema;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/// A program: a real node with the archive in its broker, in this process, and plain Kafka clients. It prints, in one
/// run and as ratios,
/// - reading a topic through a consumer, cold against hot (each round a topic of its own, so that no cache helps);
/// - a seek to an arbitrary offset of an archived topic: processor time of the whole process, and time;
/// - producing while segments are archived against producing with archiving off, in turns.
///
/// Arguments: a file of flights (JSON lines, may be gzipped), the number of rounds (default 5), and `read` or `produce`
/// for only one half of it. System properties that begin with `weir.archive.` become settings of the archive.
public final class LogAndArchive {
    private static final Duration PATIENCE = Duration.ofMinutes(5);
    private static final int PARTITIONS = 2;
    private static final int SEEKS = 60;

    private static final int READ_TIMES = 4;

    /// Long enough for segments to be archived meanwhile.
    private static final int PRODUCED_TIMES = 8;

    private final Admin admin;
    private final String bootstrap;
    private final List<byte[]> keys = new ArrayList<>();
    private final List<byte[]> values = new ArrayList<>();

    private LogAndArchive(String bootstrap, Path file) throws IOException {
        this.bootstrap = bootstrap;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                file.toString().endsWith(".gz")
                        ? new GZIPInputStream(Files.newInputStream(file))
                        : Files.newInputStream(file),
                StandardCharsets.UTF_8))) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                keys.add(NdjsonSegment.FLIGHT.key(line));
                values.add(line.getBytes(StandardCharsets.UTF_8));
            }
        }
    }

    public static void main(String[] arguments) throws Exception {
        int rounds = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        Path data = Files.createTempDirectory("weir-bench");
        ArchiveBrokerSettings archive = new ArchiveBrokerSettings(data, Duration.ofSeconds(1), 1, given());
        Node node = Node.create(
                        NodeSettings.singleNode(data).withPorts(0, 0).withContributions(archive.brokerProperties()))
                .start();
        try {
            Endpoints endpoints = node.awaitRunning(PATIENCE);
            LakeSchemas.offer(endpoints.clusterId(), new BenchmarkSchema());
            LogAndArchive bench = new LogAndArchive(endpoints.kafka().orElseThrow(), Path.of(arguments[0]));
            System.out.printf("%,d records of %s%n", bench.values.size(), arguments[0]);
            String what = arguments.length > 2 ? arguments[2] : "";
            if (!what.equals("produce")) {
                bench.read(rounds);
            }
            if (!what.equals("read")) {
                bench.produce(rounds);
            }
            bench.admin.close();
        } finally {
            node.stop(Duration.ofSeconds(30));
            Folders.delete(data);
        }
    }

    private static Map<String, String> given() {
        Map<String, String> settings = new HashMap<>();
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("weir.archive."))
                .forEach(name -> settings.put(name, System.getProperty(name)));
        return settings;
    }

    private void read(int rounds) throws Exception {
        double[] hot = new double[rounds];
        double[] cold = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            String topic = "read-" + (round + 1);
            create(topic, 64 << 20, false);
            double unused = fill(topic, READ_TIMES);
            double hotRate = readAll(topic);
            archive(topic);
            long coldCpu = cpuNanos();
            double coldRate = readAll(topic);
            coldCpu = cpuNanos() - coldCpu;
            if (round >= 0) {
                hot[round] = hotRate;
                cold[round] = coldRate;
                System.out.printf(
                        Locale.ROOT,
                        "read: hot %,.0f, cold %,.0f records/s: %.2f; cold %.2f cores busy%n",
                        hotRate,
                        coldRate,
                        coldRate / hotRate,
                        coldCpu / 1e9 * coldRate / values.size() / READ_TIMES);
            }
            if (round == rounds - 1) {
                seek(topic);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "read, medians: hot %,.0f, cold %,.0f records/s; cold/hot %.2f%n",
                median(hot),
                median(cold),
                median(cold) / median(hot));
    }

    /// Kept from the end of the last cold read is at most what the cache holds; seeks go anywhere.
    private void seek(String topic) throws Exception {
        Random random = new Random(7);
        double cpu = 0;
        double[] wall = new double[SEEKS];
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = assign(consumer, topic);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            for (int i = 0; i < SEEKS; i++) {
                TopicPartition partition = partitions.get(i % partitions.size());
                consumer.assign(List.of(partition));
                long offset = random.nextLong(ends.getOrDefault(partition, 0L));
                long before = cpuNanos();
                long start = System.nanoTime();
                consumer.seek(partition, offset);
                ConsumerRecords<byte[], byte[]> records = consumer.poll(Duration.ofSeconds(10));
                while (records.isEmpty()) {
                    records = consumer.poll(Duration.ofSeconds(10));
                }
                wall[i] = (System.nanoTime() - start) / 1e6;
                cpu += (cpuNanos() - before) / 1e6;
                if (records.records(partition).getFirst().offset() != offset) {
                    throw new IllegalStateException("Sought " + offset + ", got another.");
                }
            }
        }
        System.out.printf(
                Locale.ROOT,
                "seek, mean of %d: %.1f ms of processor time in the whole process; median %.1f ms until the first records%n",
                SEEKS,
                cpu / SEEKS,
                median(wall));
    }

    private void produce(int rounds) throws Exception {
        double[] off = new double[rounds];
        double[] on = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            create("off-" + (round + 1), 4 << 20, false);
            create("on-" + (round + 1), 4 << 20, true);
            // the first segments wait until the broker knows its archive
            double unusedOff = fill("off-" + (round + 1), 1);
            double unusedOn = fill("on-" + (round + 1), 1);
            awaitTiered("on-" + (round + 1));
            double offRate = fill("off-" + (round + 1), PRODUCED_TIMES);
            long archivedBefore = tiered("on-" + (round + 1));
            double onRate = fill("on-" + (round + 1), PRODUCED_TIMES);
            long archivedMeanwhile = tiered("on-" + (round + 1)) - archivedBefore;
            awaitTiered("on-" + (round + 1));
            if (round >= 0) {
                off[round] = offRate;
                on[round] = onRate;
                System.out.printf(
                        Locale.ROOT,
                        "produce: off %,.0f, on %,.0f records/s: %.2f (%,d records archived by the end of it)%n",
                        offRate,
                        onRate,
                        onRate / offRate,
                        archivedMeanwhile);
            }
        }
        System.out.printf(
                Locale.ROOT,
                "produce, medians: off %,.0f, on %,.0f records/s; on/off %.2f%n",
                median(off),
                median(on),
                median(on) / median(off));
    }

    private void create(String topic, int segmentBytes, boolean archived) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, PARTITIONS, (short) 1)
                        .configs(Map.of(
                                "remote.storage.enable", "true",
                                "remote.log.copy.disable", Boolean.toString(!archived),
                                "segment.bytes", Integer.toString(segmentBytes),
                                "retention.ms", "-1",
                                "local.retention.ms", "-2",
                                "local.retention.bytes", "-2"))))
                .all()
                .get();
    }

    /// @param times that all records are sent
    /// @return records per second
    private double fill(String topic, int times) {
        long start = System.nanoTime();
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                client(Map.of("compression.type", "lz4", "linger.ms", "20", "batch.size", "65536")),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            for (int i = 0; i < values.size() * times; i++) {
                int at = i % values.size();
                // whole batches for one partition after the other
                producer.send(new ProducerRecord<>(topic, i / 5000 % PARTITIONS, keys.get(at), values.get(at)));
            }
            producer.flush();
        }
        return (double) values.size() * times / ((System.nanoTime() - start) / 1e9);
    }

    /// Without opening and closing the client, which takes as long as reading does.
    ///
    /// @return records per second
    private double readAll(String topic) {
        long wanted = (long) values.size() * READ_TIMES;
        long seen = 0;
        try (KafkaConsumer<byte[], byte[]> consumer = consumer()) {
            List<TopicPartition> partitions = assign(consumer, topic);
            consumer.seekToBeginning(partitions);
            long start = System.nanoTime();
            while (seen < wanted) {
                for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofSeconds(1))) {
                    seen += record.value().length > 0 ? 1 : 0;
                }
            }
            return seen / ((System.nanoTime() - start) / 1e9);
        }
    }

    private void archive(String topic) throws Exception {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
        Collection<AlterConfigOp> changes = List.of(
                new AlterConfigOp(new ConfigEntry("remote.log.copy.disable", "false"), AlterConfigOp.OpType.SET),
                new AlterConfigOp(new ConfigEntry("local.retention.bytes", "0"), AlterConfigOp.OpType.SET));
        admin.incrementalAlterConfigs(Map.of(resource, changes)).all().get();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            TopicPartition at = new TopicPartition(topic, partition);
            long end = offset(at, OffsetSpec.latest());
            long deadline = System.nanoTime() + PATIENCE.toNanos();
            while (offset(at, OffsetSpec.earliestLocal()) < end) {
                pause(deadline);
            }
        }
    }

    /// All closed segments; the open one stays.
    private void awaitTiered(String topic) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long before = -1;
        for (long now = tiered(topic); now != before || now == 0; now = tiered(topic)) {
            before = now;
            for (int i = 0; i < 20; i++) {
                pause(deadline);
            }
        }
    }

    private long tiered(String topic) throws Exception {
        long records = 0;
        for (int partition = 0; partition < PARTITIONS; partition++) {
            records += Math.max(0, offset(new TopicPartition(topic, partition), OffsetSpec.latestTiered()) + 1);
        }
        return records;
    }

    private static void pause(long deadline) throws InterruptedException {
        if (System.nanoTime() > deadline) {
            throw new IllegalStateException("Not archived within " + PATIENCE + ".");
        }
        Thread.sleep(100);
    }

    private long offset(TopicPartition partition, OffsetSpec spec) throws Exception {
        return admin.listOffsets(Map.of(partition, spec))
                .partitionResult(partition)
                .get()
                .offset();
    }

    private static List<TopicPartition> assign(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            partitions.add(new TopicPartition(topic, partition));
        }
        consumer.assign(partitions);
        return partitions;
    }

    private KafkaConsumer<byte[], byte[]> consumer() {
        return new KafkaConsumer<>(
                client(Map.of("auto.offset.reset", "earliest")),
                new ByteArrayDeserializer(),
                new ByteArrayDeserializer());
    }

    private Map<String, Object> client(Map<String, Object> more) {
        Map<String, Object> properties = new HashMap<>(more);
        properties.put("bootstrap.servers", bootstrap);
        return properties;
    }

    private static long cpuNanos() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                .getProcessCpuTime();
    }

    private static double median(double[] all) {
        double[] sorted = all.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}

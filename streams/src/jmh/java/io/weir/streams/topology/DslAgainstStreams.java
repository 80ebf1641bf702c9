package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunningVersion;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.apache.kafka.streams.kstream.WindowedSerdes;
import org.apache.kafka.streams.state.WindowStore;

/// A program: a live job in Weir's language against the same job written by hand on Kafka Streams, in turns, in one
/// run,
/// on one node in this process: flights per airport and hour, finals only, exactly once. The rate is taken from the
/// committed offsets between a tenth and the end of the input.
///
/// Arguments: a file of flights (JSON lines, may be gzipped), how often it is written (default 5), rounds (default 3).
public final class DslAgainstStreams {
    private static final int PARTITIONS = 2;
    private static final Duration PATIENCE = Duration.ofMinutes(10);
    private static final String INPUT = "flights";
    private static final Instant START = Instant.parse("2001-01-01T00:00:00Z");

    /// A million flights pass in a little less than ten hours.
    private static final long MILLIS_BETWEEN = 35;

    record Flight(Instant date, int delay, String origin) {}

    record Hour(long flights, long delayMinutes) {}

    private final Admin admin;
    private final String bootstrap;
    private final Path data;
    private long records;

    private DslAgainstStreams(String bootstrap, Path data) {
        this.bootstrap = bootstrap;
        this.data = data;
        this.admin = Admin.create(Map.of("bootstrap.servers", bootstrap));
    }

    public static void main(String[] arguments) throws Exception {
        int times = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 5;
        int rounds = arguments.length > 2 ? Integer.parseInt(arguments[2]) : 3;
        Path data = Files.createTempDirectory("weir-bench");
        Node node = Node.create(NodeSettings.singleNode(data.resolve("node")).withPorts(0, 0))
                .start();
        try {
            DslAgainstStreams bench = new DslAgainstStreams(
                    node.awaitRunning(Duration.ofMinutes(1)).kafka().orElseThrow(), data);
            bench.fill(Path.of(arguments[0]), times);
            bench.run(rounds);
            bench.admin.close();
        } finally {
            node.stop(Duration.ofSeconds(30));
            try (Stream<Path> files = Files.walk(data)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }

    private void fill(Path file, int times) throws Exception {
        admin.createTopics(List.of(new NewTopic(INPUT, PARTITIONS, (short) 1).configs(Map.of("retention.ms", "-1"))))
                .all()
                .get();
        Map<String, Object> settings = Map.of(
                "bootstrap.servers", bootstrap, "compression.type", "lz4", "linger.ms", 20, "batch.size", 65_536);
        try (KafkaProducer<String, String> producer =
                new KafkaProducer<>(settings, new StringSerializer(), new StringSerializer())) {
            for (int time = 0; time < times; time++) {
                try (BufferedReader lines = new BufferedReader(new InputStreamReader(
                        file.toString().endsWith(".gz")
                                ? new GZIPInputStream(Files.newInputStream(file))
                                : Files.newInputStream(file),
                        StandardCharsets.UTF_8))) {
                    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                        int at = line.indexOf("\"date\":\"") + 8;
                        String date = line.substring(at, at + 20);
                        // a live job sees days, not years, in a minute
                        Instant moved = START.plusMillis(records * MILLIS_BETWEEN);
                        int key = line.indexOf("\"origin\":\"") + 10;
                        producer.send(new ProducerRecord<>(
                                INPUT,
                                null,
                                moved.toEpochMilli(),
                                line.substring(key, key + 3),
                                line.replace(date, moved.toString())));
                        records++;
                    }
                }
            }
        }
        System.out.printf("%,d records%n", records);
    }

    private void run(int rounds) throws Exception {
        double[] weir = new double[rounds];
        double[] byHand = new double[rounds];
        for (int round = -1; round < rounds; round++) {
            double ours = weir("weir-" + (round + 1));
            double theirs = byHand("hand-" + (round + 1));
            if (round >= 0) {
                weir[round] = ours;
                byHand[round] = theirs;
                System.out.printf(
                        Locale.ROOT, "weir %,.0f, by hand %,.0f records/s: %.2f%n", ours, theirs, ours / theirs);
            }
        }
        Arrays.sort(weir);
        Arrays.sort(byHand);
        System.out.printf(
                Locale.ROOT,
                "medians: weir %,.0f, by hand %,.0f records/s; %.2f%n",
                weir[rounds / 2],
                byHand[rounds / 2],
                weir[rounds / 2] / byHand[rounds / 2]);
    }

    /// The job in Weir's language.
    static final class PerHour implements StreamJob {
        private final String output;

        PerHour(String output) {
            this.output = output;
        }

        @Override
        public void define(Flow flow) {
            flow.stream(INPUT, Flight.class)
                    .eventTime(Flight::date)
                    .keyedBy(Flight::origin)
                    .window(io.weir.streams.dsl.Window.tumbling("1h").grace("10m"))
                    .aggregate(Hour.class, count("flights"), sum(Flight::delay, "delayMinutes"))
                    .to(output);
        }
    }

    private double weir(String name) throws Exception {
        RunSpec spec = RunSpec.of(
                Plan.of(name, new PerHour(name + "-out")),
                DslAgainstStreams.class.getClassLoader(),
                Map.of("bootstrap.servers", bootstrap),
                data.resolve(name));
        RunningVersion version = new KafkaStreamsRunner(Clock.systemUTC()).start(spec);
        try {
            return rate(name + ".v1");
        } finally {
            version.stop(Duration.ofSeconds(30));
        }
    }

    /// The same by hand, with the same settings as far as Kafka Streams knows them.
    private double byHand(String name) throws Exception {
        admin.createTopics(List.of(new NewTopic(name + "-out", PARTITIONS, (short) 1)))
                .all()
                .get();
        JsonMapper json = JsonMapper.builder().addModule(new JavaTimeModule()).build();
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream(
                        INPUT,
                        Consumed.with(Serdes.String(), serde(json, Flight.class))
                                .withTimestampExtractor((record, partitionTime) ->
                                        ((Flight) record.value()).date().toEpochMilli()))
                .groupByKey(Grouped.with(Serdes.String(), serde(json, Flight.class)))
                .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofHours(1), Duration.ofMinutes(10)))
                .emitStrategy(EmitStrategy.onWindowClose())
                .aggregate(
                        () -> new Hour(0, 0),
                        (origin, flight, sum) -> new Hour(sum.flights() + 1, sum.delayMinutes() + flight.delay()),
                        Named.as("hours"),
                        Materialized.<String, Hour, WindowStore<Bytes, byte[]>>as("hours")
                                .withKeySerde(Serdes.String())
                                .withValueSerde(serde(json, Hour.class)))
                .toStream()
                .to(
                        name + "-out",
                        Produced.with(
                                WindowedSerdes.timeWindowedSerdeFrom(String.class, 3_600_000),
                                serde(json, Hour.class)));
        Properties settings = new Properties();
        settings.put(StreamsConfig.APPLICATION_ID_CONFIG, name + ".v1");
        settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, bootstrap);
        settings.put(StreamsConfig.STATE_DIR_CONFIG, data.resolve(name).toString());
        settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
        settings.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, 1_000);
        settings.put(StreamsConfig.STATESTORE_CACHE_MAX_BYTES_CONFIG, 48L << 20);
        settings.put(StreamsConfig.WINDOW_STORE_CHANGE_LOG_ADDITIONAL_RETENTION_MS_CONFIG, 3_155_760_000_000L);
        settings.put(StreamsConfig.consumerPrefix("auto.offset.reset"), "earliest");
        try (KafkaStreams streams = new KafkaStreams(builder.build(), settings)) {
            streams.start();
            return rate(name + ".v1");
        }
    }

    private static <T> Serde<T> serde(JsonMapper json, Class<T> type) {
        ObjectReader reader = json.readerFor(type)
                .without(com.fasterxml.jackson.databind.DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        ObjectWriter writer = json.writerFor(type);
        return Serdes.serdeFrom(
                (topic, value) -> {
                    try {
                        return value == null ? null : writer.writeValueAsBytes(value);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                },
                (topic, bytes) -> {
                    try {
                        return bytes == null ? null : reader.readValue(bytes);
                    } catch (IOException e) {
                        throw new UncheckedIOException(e);
                    }
                });
    }

    /// Records per second between a tenth of the input and its end, by what the group has committed.
    private double rate(String group) throws Exception {
        Map<TopicPartition, OffsetSpec> latest = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            latest.put(new TopicPartition(INPUT, partition), OffsetSpec.latest());
        }
        long total = admin.listOffsets(latest).all().get().values().stream()
                .mapToLong(info -> info.offset())
                .sum();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        long from = 0;
        long start = 0;
        while (true) {
            long committed = committed(group);
            if (start == 0 && committed >= total / 10) {
                start = System.nanoTime();
                from = committed;
            }
            if (committed >= total) {
                return (committed - from) / ((System.nanoTime() - start) / 1e9);
            }
            if (System.nanoTime() > deadline) {
                throw new IllegalStateException(group + " has committed " + committed + " of " + total + ".");
            }
            Thread.sleep(20);
        }
    }

    private long committed(String group) {
        try {
            return admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata().get().entrySet().stream()
                    .filter(entry -> entry.getKey().topic().equals(INPUT))
                    .map(Map.Entry::getValue)
                    .filter(offset -> offset != null)
                    .mapToLong(OffsetAndMetadata::offset)
                    .sum();
        } catch (Exception e) {
            return 0;
        }
    }
}

package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.log.cluster.LogConnection;
import io.weir.log.engine.Endpoints;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.streams.job.JobJars;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.Runner;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.topology.KafkaStreamsRunner;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.common.utils.Utils;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs on a real broker, with jars packed here and records of 2001.
class JobsIT {
    private static final OptionalLong ANY = OptionalLong.empty();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant JANUARY_2001 = Instant.parse("2001-01-01T00:00:00Z");
    private static final int PARTITIONS = 2;

    @TempDir
    static Path folder;

    private static Node broker;
    private static LogConnection connection;
    private static Admin admin;

    private final List<WeakReference<ClassLoader>> loaders = new CopyOnWriteArrayList<>();
    private JobsNode node;
    private Jobs jobs;

    @BeforeAll
    static void startBroker() {
        broker = Node.create(NodeSettings.singleNode(folder.resolve("log")).withPorts(0, 0))
                .start();
        Endpoints endpoints = broker.awaitRunning(PATIENCE);
        connection = new LogConnection(endpoints.clusterId(), endpoints.bootstrapServers(), Map.of(), (short) 1);
        admin = Admin.create(connection.clientProperties());
    }

    @AfterAll
    static void stopBroker() {
        admin.close(Duration.ofSeconds(1));
        broker.stop(Duration.ofSeconds(30));
    }

    @BeforeEach
    void openNode() {
        node = open();
        jobs = node.jobs();
    }

    @AfterEach
    void closeNode() {
        node.close();
    }

    @Test
    void aJobGivesTheSameResultsOverStopStartAndRestartOnTwentyFiveYearOldRecords() throws Exception {
        Flights flights = new Flights("a");
        flights.create(PARTITIONS);
        List<Flight> all = Flight.random(6_000, 7);
        flights.produce(all.subList(0, 2_000));
        Job job = jobs.deploy(flights.request("hours-a"));
        jobs.awaitEnd("hours-a", job.lastOperation(), PATIENCE);
        assertThat(jobs.get("hours-a").label()).isEqualTo("LIVE");
        awaitCaughtUp("hours-a");

        jobs.awaitEnd("hours-a", jobs.stop("hours-a", ANY).lastOperation(), PATIENCE);
        assertThat(jobs.get("hours-a").label()).isEqualTo("STOPPED");
        JobState.Stopped stopped = (JobState.Stopped) jobs.get("hours-a").job().state();
        assertThat(stopped.positions()).containsKeys("a-flights-0", "a-flights-1");
        flights.produce(all.subList(2_000, 4_000));
        assertThat(jobs.get("hours-a").lagBySource().get("a-flights")).isGreaterThanOrEqualTo(2_000);
        jobs.awaitEnd("hours-a", jobs.start("hours-a", ANY).lastOperation(), PATIENCE);
        awaitCaughtUp("hours-a");

        node.close();
        flights.produce(all.subList(4_000, 6_000));
        flights.closeAllWindows();
        node = open();
        jobs = node.jobs();

        assertThat(flights.results(Flight.perHour(all).size())).isEqualTo(Flight.perHour(all));
        await().atMost(PATIENCE).until(() -> jobs.get("hours-a").label().equals("LIVE"));
        assertThat(jobs.get("hours-a").job().operations())
                .extracting(Operation::kind)
                .containsExactly(Operation.Kind.DEPLOY, Operation.Kind.STOP, Operation.Kind.START);
    }

    @Test
    void aGroupForgottenByTheBrokerGoesOnWhereItWasStopped() throws Exception {
        Flights flights = new Flights("b");
        flights.create(PARTITIONS);
        List<Flight> all = Flight.random(2_000, 8);
        flights.produce(all.subList(0, 1_000));
        jobs.awaitEnd("hours-b", jobs.deploy(flights.request("hours-b")).lastOperation(), PATIENCE);
        awaitCaughtUp("hours-b");
        jobs.awaitEnd("hours-b", jobs.stop("hours-b", ANY).lastOperation(), PATIENCE);

        admin.deleteConsumerGroups(List.of("hours-b.v1")).all().get();
        flights.produce(all.subList(1_000, 2_000));
        flights.closeAllWindows();
        jobs.awaitEnd("hours-b", jobs.start("hours-b", ANY).lastOperation(), PATIENCE);

        assertThat(flights.results(Flight.perHour(all).size())).isEqualTo(Flight.perHour(all));
    }

    @Test
    void deleteLeavesNoTopicGroupFolderOrLoader() throws Exception {
        Flights flights = new Flights("c");
        flights.create(PARTITIONS);
        List<Flight> all = Flight.random(1_000, 9);
        flights.produce(all);
        flights.closeAllWindows();
        jobs.awaitEnd("hours-c", jobs.deploy(flights.request("hours-c")).lastOperation(), PATIENCE);
        flights.results(Flight.perHour(all).size());
        assertThat(topicsOf("hours-c")).anyMatch(topic -> topic.endsWith("-changelog"));
        assertThat(folder.resolve("jobs/state/hours-c.v1")).isDirectory();

        OperationSeen deleted =
                jobs.awaitEnd("hours-c", jobs.delete("hours-c", ANY).lastOperation(), PATIENCE);

        assertThat(deleted.operation().state()).isEqualTo(Operation.Outcome.DONE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topicsOf("hours-c")).isEmpty());
        assertThat(admin.listTopics().names().get()).contains("c-per-hour");
        assertThat(admin.listGroups().all().get())
                .noneMatch(group -> group.groupId().startsWith("hours-c"));
        assertThat(folder.resolve("jobs/state/hours-c.v1")).doesNotExist();
        try (Stream<Path> jars = Files.list(folder.resolve("jobs/artifacts"))) {
            String sha256 = deleted.removal().orElseThrow().artifacts().getFirst();
            assertThat(jars).noneMatch(jar -> jar.getFileName().toString().startsWith(sha256));
        }
        await().atMost(PATIENCE).untilAsserted(() -> {
            System.gc();
            assertThat(loaders).isNotEmpty().allMatch(loader -> loader.get() == null);
        });
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .noneMatch(thread -> thread.getName().contains("hours-c")));
    }

    @Test
    void aJobThatFailsSaysWhyAndLeavesTheOthersAlone() throws Exception {
        Flights healthy = new Flights("d");
        healthy.create(PARTITIONS);
        jobs.awaitEnd("hours-d", jobs.deploy(healthy.request("hours-d")).lastOperation(), PATIENCE);
        Flights uneven = new Flights("e");
        uneven.create(PARTITIONS + 1);

        jobs.deploy(uneven.request("hours-e"));
        await().atMost(PATIENCE).until(() -> jobs.get("hours-e").label().equals("FAILED"));

        JobState.Failed failed = (JobState.Failed) jobs.get("hours-e").job().state();
        assertThat(failed.failure().cause()).contains("e-airports").contains("partitions");
        List<Flight> all = Flight.random(500, 10);
        healthy.produce(all);
        healthy.closeAllWindows();
        assertThat(healthy.results(Flight.perHour(all).size())).isEqualTo(Flight.perHour(all));
        assertThat(jobs.get("hours-d").label()).isEqualTo("LIVE");
    }

    private JobsNode open() {
        JobsSettings settings = new JobsSettings(
                1,
                folder.resolve("jobs/state"),
                folder.resolve("jobs/artifacts"),
                Runtime.version().feature(),
                Duration.ofMillis(100),
                Duration.ofSeconds(20));
        return JobsNode.open(
                connection, settings, new Watched(new KafkaStreamsRunner(Clock.systemUTC())), Clock.systemUTC());
    }

    private void awaitCaughtUp(String job) {
        await().atMost(PATIENCE).until(() -> {
            Map<String, Long> lag = jobs.get(job).lagBySource();
            return lag.size() == 2 && lag.values().stream().allMatch(records -> records == 0);
        });
    }

    private static List<String> topicsOf(String job) throws Exception {
        return admin.listTopics().names().get().stream()
                .filter(topic -> topic.startsWith(job))
                .toList();
    }

    /// Remembers the class loaders of the jobs that it starts, without holding them.
    private final class Watched implements Runner {
        private final Runner runner;

        Watched(Runner runner) {
            this.runner = runner;
        }

        @Override
        public RunningVersion start(RunSpec spec) {
            loaders.add(new WeakReference<>(spec.classes()));
            return runner.start(spec);
        }
    }

    private record Flight(String origin, Instant at, long delay) {
        private static final List<String> ORIGINS = List.of("ATL", "BOS", "DEN", "JFK", "LAX", "ORD", "SEA", "SFO");

        /// In order of time, spread over three days.
        static List<Flight> random(int count, long seed) {
            Random random = new Random(seed);
            List<Flight> flights = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Instant at = JANUARY_2001.plusSeconds(i * 259_200L / count);
                flights.add(new Flight(ORIGINS.get(random.nextInt(ORIGINS.size())), at, random.nextInt(200) - 20));
            }
            return flights;
        }

        /// What the job must come to, by `origin hour`.
        static Map<String, String> perHour(List<Flight> flights) {
            Map<String, long[]> sums = new TreeMap<>();
            for (Flight flight : flights) {
                long hour = flight.at().toEpochMilli() / 3_600_000 * 3_600_000;
                long[] sum = sums.computeIfAbsent(flight.origin() + " " + hour, key -> new long[2]);
                sum[0]++;
                sum[1] += flight.delay();
            }
            Map<String, String> lines = new TreeMap<>();
            sums.forEach((key, sum) -> lines.put(
                    key,
                    "{\"flights\":" + sum[0] + ",\"minutes\":" + sum[1] + ",\"state\":\"state of " + key.substring(0, 3)
                            + "\"}"));
            return lines;
        }
    }

    /// The topics and the job of one test.
    private record Flights(String prefix) {
        void create(int airportPartitions) throws Exception {
            admin.createTopics(List.of(
                            new NewTopic(prefix + "-flights", PARTITIONS, (short) 1)
                                    .configs(Map.of("retention.ms", "-1")),
                            new NewTopic(prefix + "-airports", airportPartitions, (short) 1)
                                    .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            try (KafkaProducer<String, String> producer = producer()) {
                for (String origin : Flight.ORIGINS) {
                    producer.send(new ProducerRecord<>(
                                    prefix + "-airports", null, 0L, origin, "{\"state\":\"state of " + origin + "\"}"))
                            .get();
                }
            }
        }

        void produce(List<Flight> flights) throws Exception {
            List<Future<RecordMetadata>> sent = new ArrayList<>();
            try (KafkaProducer<String, String> producer = producer()) {
                for (Flight flight : flights) {
                    sent.add(send(producer, flight));
                }
            }
            for (Future<RecordMetadata> each : sent) {
                each.get();
            }
        }

        /// One flight long after all others in each partition, from airports that the table does not know.
        void closeAllWindows() throws Exception {
            try (KafkaProducer<String, String> producer = producer()) {
                for (int partition = 0; partition < PARTITIONS; partition++) {
                    int wanted = partition;
                    String origin = Stream.iterate(0, i -> i + 1)
                            .map(i -> "X" + i)
                            .filter(name ->
                                    Utils.toPositive(Utils.murmur2(name.getBytes(StandardCharsets.UTF_8))) % PARTITIONS
                                            == wanted)
                            .findFirst()
                            .orElseThrow();
                    send(producer, new Flight(origin, JANUARY_2001.plus(Duration.ofDays(30)), 0))
                            .get();
                }
            }
        }

        DeployRequest request(String job) {
            Path jar = JobJars.in(folder)
                    .source("shop.PerHour", SOURCE.replace("PREFIX", prefix))
                    .build(prefix + ".jar");
            return new DeployRequest(job, "shop.PerHour", Map.of(), prefix + ".jar", jar);
        }

        /// All committed results once there are that many; more than one per key fails.
        Map<String, String> results(int expected) {
            Map<String, Object> settings = connection.clientProperties();
            settings.put("isolation.level", "read_committed");
            settings.put("auto.offset.reset", "earliest");
            String topic = prefix + "-per-hour";
            Map<String, String> results = new TreeMap<>();
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
                await().atMost(PATIENCE)
                        .until(() -> !consumer.partitionsFor(topic).isEmpty());
                List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                await().atMost(PATIENCE).untilAsserted(() -> {
                    for (ConsumerRecord<String, String> row : consumer.poll(Duration.ofMillis(200))) {
                        String key = row.key().replaceAll(".*\"key\":\"([A-Z]+)\".*", "$1") + " "
                                + (row.timestamp() + 1 - 3_600_000);
                        assertThat(results.put(key, row.value()))
                                .as("second row of " + key)
                                .isNull();
                    }
                    assertThat(results).hasSizeGreaterThanOrEqualTo(expected);
                });
            }
            return results;
        }

        private Future<RecordMetadata> send(KafkaProducer<String, String> producer, Flight flight) {
            return producer.send(new ProducerRecord<>(
                    prefix + "-flights",
                    null,
                    flight.at().toEpochMilli(),
                    flight.origin(),
                    "{\"origin\":\"" + flight.origin() + "\",\"delay\":" + flight.delay() + "}"));
        }

        private static KafkaProducer<String, String> producer() {
            Map<String, Object> properties = connection.clientProperties();
            properties.put("max.in.flight.requests.per.connection", 1);
            return new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer());
        }
    }

    private static final String SOURCE = """
            package shop;

            import io.weir.streams.dsl.*;

            public class PerHour implements StreamJob {
                public record Flight(String origin, long delay) {}
                public record Airport(String state) {}
                public record Sum(long flights, long minutes) {}
                public record Line(long flights, long minutes, String state) {}

                public void define(Flow flow) {
                    Table<String, Airport> airports = flow.table("PREFIX-airports", Airport.class);
                    flow.stream("PREFIX-flights", Flight.class)
                            .keyedBy(Flight::origin)
                            .window(Window.tumbling("1h").grace("10m"))
                            .aggregate(Sum.class, Aggregate.count("flights"), Aggregate.sum(Flight::delay, "minutes"))
                            .join(airports, (origin, sum, airport) ->
                                    new Line(sum.flights(), sum.minutes(), airport.state()))
                            .to("PREFIX-per-hour");
                }
            }
            """;
}

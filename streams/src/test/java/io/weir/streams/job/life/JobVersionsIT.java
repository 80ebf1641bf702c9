package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.cluster.LogConnection;
import io.weir.log.engine.Endpoints;
import io.weir.log.engine.Node;
import io.weir.log.engine.NodeSettings;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.JobJars;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.topology.KafkaStreamsRunner;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.TreeMap;
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

/// Two versions of a job on a real broker, on records of 2001: replayed, compared, promoted, rolled back, retired.
class JobVersionsIT {
    private static final OptionalLong ANY = OptionalLong.empty();
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Instant JANUARY_2001 = Instant.parse("2001-01-01T00:00:00Z");
    private static final int PARTITIONS = 2;
    private static final long HOUR = 3_600_000;

    /// Every minute counts, and early departures cancel delay out.
    private static final String ALL_MINUTES = "flight -> flight.delay()";

    /// Only flights that are late by the official rule count.
    private static final String LATE_MINUTES = "flight -> flight.delay() >= 15 ? flight.delay() : 0L";

    @TempDir
    static Path folder;

    private static Node broker;
    private static LogConnection connection;
    private static Admin admin;

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
    void aNewRuleIsReplayedComparedPromotedRolledBackAndRetired() throws Exception {
        Flights flights = new Flights("a", "keyedBy", "10m");
        flights.create();
        List<Flight> all = Flight.random(6_000, 7);
        List<Flight> history = all.subList(0, 4_000);
        flights.produce(history);
        deploy(flights, "hours-a");
        awaitNoLag("hours-a", 1);

        int second = replay(flights, "hours-a");
        assertThat(jobs.get("hours-a").job().liveVersion().number()).isEqualTo(1);

        // compared: they differ exactly where the rules do
        Operation compared = compare("hours-a", Map.of());
        Map<String, Long> closed1 = flights.closed(history, false);
        Map<String, Long> closed2 = flights.closed(history, true);
        long differing = closed1.keySet().stream()
                .filter(key -> !closed1.get(key).equals(closed2.get(key)))
                .count();
        JsonNode output = compared.result().path("outputs").path(0);
        assertThat(compared.result().path("verdict").asText()).isEqualTo("differs");
        assertThat(output.path("left").path("rows").asLong()).isEqualTo(closed1.size());
        assertThat(output.path("right").path("rows").asLong()).isEqualTo(closed2.size());
        assertThat(output.path("changed").asLong()).isEqualTo(differing).isPositive();
        assertThat(output.path("missing").asLong() + output.path("extra").asLong())
                .isZero();
        assertThat(output.path("first").path(0).path("left").path("minutes").asLong())
                .isNotEqualTo(output.path("first")
                        .path(0)
                        .path("right")
                        .path("minutes")
                        .asLong());

        // what compare refused cannot be promoted
        assertThatThrownBy(() -> jobs.promote("hours-a", second, Map.of(), ANY))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("job-gate"))
                .hasMessageContaining(differing + " rows outside the expectation");
        Operation expected = compare("hours-a", Map.of("expect", "flights >= 1"));
        assertThat(expected.result().path("verdict").asText()).isEqualTo("differs-as-expected");
        assertThat(flights.newest("a-per-hour")).isEqualTo(closed1);

        // promoted: readers of the real topic see the new rule for all of history
        Operation promoted = end("hours-a", jobs.promote("hours-a", second, Map.of(), ANY));
        assertThat(promoted.problem()).isEmpty();
        assertThat(promoted.result().path("corrections").asLong()).isEqualTo(differing);
        assertThat(jobs.get("hours-a").job().live()).isEqualTo(second);
        assertThat(jobs.get("hours-a").job().warm()).isEqualTo(1);
        assertThat(flights.newest("a-per-hour")).isEqualTo(closed2);

        // both go on
        flights.produce(all.subList(4_000, 6_000));
        flights.closeAllWindows();
        Map<String, Long> all1 = Flight.perHour(all, false);
        Map<String, Long> all2 = Flight.perHour(all, true);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("a-per-hour")).isEqualTo(all2));
        awaitNoLag("hours-a", 1);
        awaitNoLag("hours-a", second);

        // rolled back: the old rule for all keys, also for those that came meanwhile
        Operation rolledBack = end("hours-a", jobs.rollback("hours-a", Map.of("reason", "disputed"), ANY));
        assertThat(rolledBack.problem()).isEmpty();
        assertThat(flights.newest("a-per-hour")).isEqualTo(all1);
        assertThat(jobs.get("hours-a").job().live()).isEqualTo(1);

        // retired: nothing is left of the second version
        Operation retired = end("hours-a", jobs.retire("hours-a", second, ANY));
        assertThat(retired.state()).isEqualTo(Operation.Outcome.DONE);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(admin.listTopics().names().get())
                        .contains("a-per-hour", "a-per-hour.v1")
                        .noneMatch(topic -> topic.startsWith("hours-a.v2") || topic.equals("a-per-hour.v2")));
        assertThat(admin.listGroups().all().get())
                .noneMatch(group -> group.groupId().equals("hours-a.v2"));
        assertThat(folder.resolve("jobs/state/hours-a.v2")).doesNotExist();
        assertThat(flights.newest("a-per-hour")).isEqualTo(all1);
    }

    @Test
    void aRekeyedJobIsPromotedBehindItsRepartitionTopicWhileFlightsArrive() throws Exception {
        Flights flights = new Flights("b", "keyBy", "5d");
        flights.create();
        List<Flight> all = Flight.random(4_000, 8);
        flights.produce(all.subList(0, 2_000));
        deploy(flights, "hours-b");
        int second = replay(flights, "hours-b");

        Job promoting = jobs.promote("hours-b", second, Map.of("gate", "none"), ANY);
        flights.produce(all.subList(2_000, 4_000));
        Operation promoted = end("hours-b", promoting);
        flights.closeAllWindows();

        assertThat(promoted.problem()).isEmpty();
        Map<String, Long> expected = Flight.perHour(all, true);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("b-per-hour")).isEqualTo(expected));
        Map<String, Long> old = Flight.perHour(all, false);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("b-per-hour.v1")).isEqualTo(old));
    }

    @Test
    void aReplayGoesOnAfterTheNodeWasOpenedAgainAndEndsWithTheSameFinals() throws Exception {
        Flights flights = new Flights("c", "keyedBy", "10m");
        flights.create();
        List<Flight> all = Flight.random(6_000, 9);
        flights.produce(all);
        flights.closeAllWindows();
        deploy(flights, "hours-c");
        int second = add(flights, "hours-c");
        jobs.replay(
                "hours-c",
                second,
                new ReplayRequest(new ReplayRequest.From.Beginning(), Map.of(), 1_500, Optional.empty()),
                Map.of(),
                ANY);
        await().atMost(PATIENCE).until(() -> done("hours-c", second) > 1_000);

        node.close();
        node = open();
        jobs = node.jobs();
        String operation = jobs.get("hours-c").job().lastOperation().id();
        await().atMost(PATIENCE).until(() -> done("hours-c", second) > 1_000);
        assertThat(done("hours-c", second)).isLessThan(6_000);
        jobs.tune("hours-c", operation, OptionalLong.of(0), Optional.empty());

        awaitState("hours-c", second, "SHADOW");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("c-per-hour.v2")).isEqualTo(Flight.perHour(all, true)));
        assertThat(flights.rows("c-per-hour.v2"))
                .as("each final once")
                .hasSize(Flight.perHour(all, true).size());
        assertThat(jobs.operation("hours-c", operation).operation().state()).isEqualTo(Operation.Outcome.DONE);
    }

    @Test
    void twoNodesShareTheLiveVersionOneReplaysAndTheOtherGoesOnWhenItDies() throws Exception {
        Flights flights = new Flights("e", "keyedBy", "10m");
        flights.create();
        List<Flight> all = Flight.random(6_000, 11);
        flights.produce(all);
        flights.closeAllWindows();
        try (JobsNode other = open("other")) {
            deploy(flights, "hours-e");
            int second = add(flights, "hours-e");
            jobs.replay(
                    "hours-e",
                    second,
                    new ReplayRequest(new ReplayRequest.From.Beginning(), Map.of(), 1_500, Optional.empty()),
                    Map.of(),
                    ANY);
            await().atMost(PATIENCE)
                    .until(() -> done(jobs, "hours-e", second) + done(other.jobs(), "hours-e", second) > 1_000);
            boolean here = jobs.get("hours-e").runs().containsKey(second);
            assertThat(other.jobs().get("hours-e").runs().containsKey(second)).isNotEqualTo(here);

            JobsNode dying = here ? node : other;
            dying.close();
            Jobs left = here ? other.jobs() : jobs;
            left.tune("hours-e", left.get("hours-e").job().lastOperation().id(), OptionalLong.of(0), Optional.empty());

            await().atMost(PATIENCE)
                    .until(() -> left.get("hours-e")
                            .job()
                            .version(second)
                            .orElseThrow()
                            .state()
                            .label()
                            .equals("SHADOW"));
            Map<String, Long> expected = Flight.perHour(all, true);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(flights.newest("e-per-hour.v2")).isEqualTo(expected));
            Operation promoted = left.awaitEnd(
                            "hours-e",
                            left.promote("hours-e", second, Map.of("gate", "none"), ANY)
                                    .lastOperation(),
                            PATIENCE)
                    .operation();
            assertThat(promoted.problem()).isEmpty();
            assertThat(flights.newest("e-per-hour")).isEqualTo(expected);
        }
    }

    @Test
    void twoNodesStandStillTogetherForAPromotion() throws Exception {
        Flights flights = new Flights("f", "keyedBy", "10m");
        flights.create();
        List<Flight> all = Flight.random(4_000, 12);
        flights.produce(all.subList(0, 2_000));
        try (JobsNode other = open("third")) {
            deploy(flights, "hours-f");
            int second = replay(flights, "hours-f");
            await().atMost(PATIENCE)
                    .until(() -> other.jobs().get("hours-f").runs().size() == 2);
            awaitNoLag("hours-f", 1);

            Job promoting = jobs.promote("hours-f", second, Map.of("gate", "none"), ANY);
            flights.produce(all.subList(2_000, 4_000));
            Operation promoted = end("hours-f", promoting);
            flights.closeAllWindows();

            assertThat(promoted.problem()).isEmpty();
            Map<String, Long> expected = Flight.perHour(all, true);
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(flights.newest("f-per-hour")).isEqualTo(expected));
            Map<String, Long> old = Flight.perHour(all, false);
            end("hours-f", jobs.rollback("hours-f", Map.of(), ANY));
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(flights.newest("f-per-hour")).isEqualTo(old));
        }
    }

    @Test
    void aPromotionThatTakesTooLongChangesNothing() throws Exception {
        Flights flights = new Flights("d", "keyedBy", "10m");
        flights.create();
        flights.produce(Flight.random(1_000, 10));
        deploy(flights, "hours-d");
        int second = replay(flights, "hours-d");

        Operation promoted =
                end("hours-d", jobs.promote("hours-d", second, Map.of("gate", "none", "maxPause", "PT0S"), ANY));

        assertThat(promoted.state()).isEqualTo(Operation.Outcome.FAILED);
        assertThat(promoted.problem()).startsWith("barrier-timeout: ").contains("Version 1 goes on");
        flights.closeAllWindows();
        Map<String, Long> expected = Flight.perHour(Flight.random(1_000, 10), false);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(flights.newest("d-per-hour")).isEqualTo(expected));
        assertThat(jobs.get("hours-d").job().live()).isEqualTo(1);
    }

    private void deploy(Flights flights, String job) {
        Job deployed = jobs.deploy(flights.request(job, ALL_MINUTES, "1"));
        jobs.awaitEnd(job, deployed.lastOperation(), PATIENCE);
        assertThat(jobs.get(job).label()).isEqualTo("LIVE");
    }

    private int add(Flights flights, String job) {
        return jobs.addVersion(job, flights.request(job, LATE_MINUTES, "2"), ANY)
                .versions()
                .getLast()
                .number();
    }

    private int replay(Flights flights, String job) {
        int second = add(flights, job);
        jobs.replay(
                job,
                second,
                new ReplayRequest(new ReplayRequest.From.Beginning(), Map.of(), 0, Optional.empty()),
                Map.of(),
                ANY);
        awaitState(job, second, "SHADOW");
        await().atMost(PATIENCE)
                .until(() -> jobs.get(job).runs().containsKey(second)
                        && jobs.get(job).runs().get(second).state() instanceof io.weir.streams.job.RunState.Running);
        awaitNoLag(job, second);
        return second;
    }

    private Operation compare(String job, Map<String, String> request) {
        return end(job, jobs.compare(job, null, null, request, ANY));
    }

    private Operation end(String job, Job with) {
        return jobs.awaitEnd(job, with.lastOperation(), PATIENCE).operation();
    }

    private long done(String job, int version) {
        return done(jobs, job, version);
    }

    private static long done(Jobs jobs, String job, int version) {
        LocalRun run = jobs.get(job).runs().get(version);
        return run == null ? 0 : run.replay().done();
    }

    private void awaitState(String job, int version, String label) {
        await().atMost(PATIENCE).until(() -> {
            JobVersion found = jobs.get(job).job().version(version).orElseThrow();
            assertThat(found.state().label()).as(String.valueOf(found.state())).isNotEqualTo("FAILED");
            return found.state().label().equals(label);
        });
    }

    private void awaitNoLag(String job, int version) {
        await().atMost(PATIENCE).until(() -> {
            Map<String, Long> lag = jobs.lag(jobs.get(job).job(), version);
            return lag.size() == 2 && lag.values().stream().allMatch(records -> records == 0);
        });
    }

    private JobsNode open() {
        return open("jobs");
    }

    private JobsNode open(String name) {
        JobsSettings settings = new JobsSettings(
                1,
                folder.resolve(name + "/state"),
                folder.resolve(name + "/artifacts"),
                Runtime.version().feature(),
                Duration.ofMillis(50),
                Duration.ofSeconds(20));
        return JobsNode.open(connection, settings, new KafkaStreamsRunner(Clock.systemUTC()), Clock.systemUTC());
    }

    private record Flight(String origin, Instant at, long delay) {
        private static final List<String> ORIGINS = List.of("ATL", "BOS", "DEN", "JFK", "LAX", "ORD", "SEA", "SFO");

        /// In order of time, spread over three days.
        static List<Flight> random(int count, long seed) {
            Random random = new Random(seed);
            List<Flight> flights = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                Instant at = JANUARY_2001.plusSeconds(i * 259_200L / count);
                flights.add(new Flight(ORIGINS.get(random.nextInt(ORIGINS.size())), at, random.nextInt(30) - 5));
            }
            return flights;
        }

        long minutes(boolean lateOnly) {
            return !lateOnly || delay >= 15 ? delay : 0;
        }

        /// What the job must come to, by `origin hour`: its minutes.
        static Map<String, Long> perHour(List<Flight> flights, boolean lateOnly) {
            Map<String, Long> sums = new TreeMap<>();
            for (Flight flight : flights) {
                long hour = flight.at().toEpochMilli() / HOUR * HOUR;
                sums.merge(flight.origin() + " " + hour, flight.minutes(lateOnly), Long::sum);
            }
            return sums;
        }
    }

    /// The topics and the job of one test.
    ///
    /// @param key how the job keys its flights
    private record Flights(String prefix, String key, String grace) {
        void create() throws Exception {
            admin.createTopics(List.of(
                            new NewTopic(prefix + "-flights", PARTITIONS, (short) 1)
                                    .configs(Map.of("retention.ms", "-1")),
                            new NewTopic(prefix + "-airports", PARTITIONS, (short) 1)
                                    .configs(Map.of("cleanup.policy", "compact"))))
                    .all()
                    .get();
            try (KafkaProducer<String, String> producer = producer()) {
                for (String origin : Flight.ORIGINS) {
                    producer.send(new ProducerRecord<>(
                                    prefix + "-airports", null, 0L, origin, "{\"state\":\"in " + origin + "\"}"))
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
                            .filter(name -> partition(name) == wanted)
                            .findFirst()
                            .orElseThrow();
                    send(producer, new Flight(origin, JANUARY_2001.plus(Duration.ofDays(30)), 0))
                            .get();
                }
            }
        }

        /// Hours that must be out: their end and the grace of ten minutes are not after the newest flight of their
        /// partition.
        Map<String, Long> closed(List<Flight> flights, boolean lateOnly) {
            long[] newest = new long[PARTITIONS];
            flights.forEach(flight -> newest[partition(flight.origin())] =
                    Math.max(newest[partition(flight.origin())], flight.at().toEpochMilli()));
            Map<String, Long> closed = Flight.perHour(flights, lateOnly);
            closed.keySet()
                    .removeIf(name -> Long.parseLong(name.substring(4)) + HOUR + 600_000
                            > newest[partition(name.substring(0, 3))]);
            return closed;
        }

        private static int partition(String origin) {
            return Utils.toPositive(Utils.murmur2(origin.getBytes(java.nio.charset.StandardCharsets.UTF_8)))
                    % PARTITIONS;
        }

        DeployRequest request(String job, String minutes, String version) {
            Path jar = JobJars.in(folder)
                    .source(
                            "shop.PerHour",
                            SOURCE.replace("PREFIX", prefix)
                                    .replace("MINUTES", minutes)
                                    .replace("KEYBY", key)
                                    .replace("GRACE", grace))
                    .build(prefix + version + ".jar");
            return new DeployRequest(job, "shop.PerHour", Map.of(), prefix + ".jar", jar);
        }

        /// The newest committed row of each key: its minutes.
        Map<String, Long> newest(String topic) {
            Map<String, Long> newest = new TreeMap<>();
            for (ConsumerRecord<String, String> row : rows(topic)) {
                String name = row.key().replaceAll(".*\"key\":\"([A-Z0-9]+)\".*", "$1") + " "
                        + (Instant.parse(row.key().replaceAll(".*\"window_start\":\"([^\"]+)\".*", "$1"))
                                .toEpochMilli());
                if (row.value() == null) {
                    newest.remove(name);
                } else {
                    newest.put(name, Long.parseLong(row.value().replaceAll(".*\"minutes\":(-?[0-9]+).*", "$1")));
                }
            }
            return newest;
        }

        List<ConsumerRecord<String, String>> rows(String topic) {
            Map<String, Object> settings = new HashMap<>(connection.clientProperties());
            settings.put("isolation.level", "read_committed");
            List<ConsumerRecord<String, String>> rows = new ArrayList<>();
            try (KafkaConsumer<String, String> consumer =
                    new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
                List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                        .map(partition -> new TopicPartition(topic, partition.partition()))
                        .toList();
                consumer.assign(partitions);
                consumer.seekToBeginning(partitions);
                Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
                while (partitions.stream().anyMatch(at -> consumer.position(at) < ends.get(at))) {
                    consumer.poll(Duration.ofMillis(100)).forEach(rows::add);
                }
            }
            return rows;
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
                            .KEYBY(Flight::origin)
                            .window(Window.tumbling("1h").grace("GRACE"))
                            .aggregate(Sum.class, Aggregate.count("flights"),
                                    Aggregate.<Flight>sum(MINUTES, "minutes"))
                            .join(airports, (origin, sum, airport) ->
                                    new Line(sum.flights(), sum.minutes(), airport.state()))
                            .to("PREFIX-per-hour");
                }
            }
            """;
}

package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Table;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Jobs on a real node: crashes in the middle, what is refused at the start, what a stop leaves behind.
class StreamsRunnerIT {
    private static final int FLIGHTS = 30_000;
    private static final int PARTITIONS = 4;
    private static final long HOUR = 3_600_000;
    private static final long GRACE = 600_000;
    private static final long START = Instant.parse("2001-01-01T00:00:00Z").toEpochMilli();
    private static final String[] AIRPORTS = {"ATL", "ORD", "DFW", "LAX", "PHX", "SEA", "BOS", "ANC"};

    /// How many more rows the job processes before it dies.
    private static final AtomicLong FUSE = new AtomicLong(Long.MAX_VALUE);

    @TempDir
    static Path data;

    static NodeLog log;

    private final List<RunningVersion> started = new ArrayList<>();

    record Flight(Instant date, int delay, String origin) {}

    record Airport(String iata, String state) {}

    record Hour(long flights, long delayMinutes) {}

    record Delays(long flights, long delayMinutes, String state) {}

    /// Ends a stream thread as `kill -9` does: nothing is committed, nothing is closed.
    static final class Killed extends Error {
        private static final long serialVersionUID = 1L;
    }

    static final class DelaysByHour implements StreamJob {
        @Override
        public void define(Flow flow) {
            Table<String, Airport> airports = flow.table("airports", Airport.class);
            flow.stream("flights", Flight.class)
                    .eventTime(Flight::date)
                    .where(flight -> {
                        if (FUSE.decrementAndGet() < 0) {
                            throw new Killed();
                        }
                        return true;
                    })
                    .keyBy(Flight::origin)
                    .window(tumbling("1h").grace("10m").late("flights.late"))
                    .aggregate(Hour.class, count("flights"), sum(Flight::delay, "delayMinutes"))
                    .join(
                            airports,
                            (origin, hour, airport) -> new Delays(hour.flights(), hour.delayMinutes(), airport.state()))
                    .to("delays_by_hour");
        }
    }

    @BeforeAll
    static void startNode() throws ExecutionException, InterruptedException {
        log = new NodeLog(data.resolve("node"));
        log.create("airports", PARTITIONS, Map.of("cleanup.policy", "compact"));
        log.create("flights", PARTITIONS, Map.of("retention.ms", "-1"));
        for (String airport : AIRPORTS) {
            log.send("airports", airport, "{\"iata\":\"" + airport + "\",\"state\":\"S-" + airport + "\"}", 0);
        }
    }

    @AfterEach
    void stopVersions() {
        started.forEach(version -> version.stop(Duration.ofSeconds(10)));
        FUSE.set(Long.MAX_VALUE);
    }

    @AfterAll
    static void stopNode() {
        log.close();
    }

    @Test
    void aJobThatDiesInTheMiddleOf25YearOldRecordsEndsWithEveryFinalExactlyOnce() throws IOException {
        Map<String, String> expected = produceFlights();
        Plan plan = Plan.of("delays", new DelaysByHour());
        Path state = data.resolve("state");

        FUSE.set(FLIGHTS / 3);
        awaitDeath(start(plan, state));
        FUSE.set(FLIGHTS / 3);
        awaitDeath(start(plan, state));
        delete(state);
        FUSE.set(Long.MAX_VALUE);
        RunningVersion last = start(plan, state);
        await().atMost(Duration.ofSeconds(90)).untilAsserted(() -> {
            assertThat(last.state()).isEqualTo(new RunState.Running());
            assertThat(last.lagBySource()).containsEntry("flights", 0L);
        });
        await().atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(log.read("delays_by_hour")).hasSizeGreaterThanOrEqualTo(expected.size()));

        Map<String, String> finals = new TreeMap<>();
        for (ConsumerRecord<String, String> record : log.read("delays_by_hour")) {
            assertThat(finals.put(record.key(), record.value()))
                    .as(record.key())
                    .isNull();
        }
        assertThat(finals).isEqualTo(expected);
        assertThat(log.read("flights.late")).isNotEmpty().hasSize(lateExpected);
        assertThat(log.read("delays.dlq")).isEmpty();
    }

    private int lateExpected;

    /// Flights in order of time with some far behind, airports with nights in which nothing happens; and
    /// what each closed window must come to, counted the plain way.
    private Map<String, String> produceFlights() {
        Random random = new Random(25);
        Map<String, String> finals = new TreeMap<>();
        Map<Integer, Long> clocks = new HashMap<>();
        Map<String, long[]> open = new HashMap<>();
        Map<String, Integer> places = new HashMap<>();
        try (KafkaProducer<String, String> producer = log.producer()) {
            long time = START;
            for (int i = 0; i < FLIGHTS; i++) {
                time += random.nextInt(500) == 0 ? 5 * HOUR : random.nextInt(60_000);
                long at = random.nextInt(200) == 0 ? time - 3 * HOUR : time - random.nextInt(120_000);
                String origin = AIRPORTS[random.nextInt(AIRPORTS.length)];
                int delay = random.nextInt(200) - 40;
                String flight = "{\"date\":\"" + Instant.ofEpochMilli(at) + "\",\"delay\":" + delay + ",\"origin\":\""
                        + origin + "\"}";
                producer.send(new ProducerRecord<>("flights", null, at, origin, flight));
                int partition = places.computeIfAbsent(
                        origin,
                        key -> Partitioning.partition(
                                key.getBytes(java.nio.charset.StandardCharsets.UTF_8), PARTITIONS));
                long clock = Math.max(at, clocks.getOrDefault(partition, -1L));
                long start = at - at % HOUR;
                if (start + HOUR + GRACE <= clock) {
                    lateExpected++;
                    continue;
                }
                clocks.put(partition, clock);
                long[] hour = open.computeIfAbsent(origin + "@" + start, key -> new long[2]);
                hour[0]++;
                hour[1] += delay;
            }
        }
        open.forEach((key, hour) -> {
            String origin = key.substring(0, 3);
            long start = Long.parseLong(key.substring(4));
            if (start + HOUR + GRACE <= clocks.get(places.get(origin))) {
                finals.put(
                        "{\"key\":\"" + origin + "\",\"window_start\":\"" + Instant.ofEpochMilli(start)
                                + "\",\"window_end\":\"" + Instant.ofEpochMilli(start + HOUR) + "\"}",
                        "{\"flights\":" + hour[0] + ",\"delayMinutes\":" + hour[1] + ",\"state\":\"S-" + origin
                                + "\"}");
            }
        });
        return finals;
    }

    @Test
    void aMissingSourceIsNamedAndTheNearestTopicOffered() {
        Plan plan =
                Plan.of("missing", flow -> flow.stream("flihgts", Flight.class).to("missing.out"));

        RunState.Failed failed = awaitFailed(start(plan, data.resolve("missing")));

        assertThat(failed.owner()).isEqualTo(RunState.Owner.USER);
        assertThat(failed.operator()).isEqualTo("flihgts");
        assertThat(failed.cause())
                .startsWith("Topic 'flihgts': the job reads it, but it does not exist.")
                .endsWith("Did you mean 'flights'?");
    }

    @Test
    void anOutputThatWouldDeleteOldResultsIsRefused() throws ExecutionException, InterruptedException {
        log.create("short", 1, Map.of("retention.ms", "604800000"));
        Plan plan =
                Plan.of("short", flow -> flow.stream("flights", Flight.class).to("short"));

        RunState.Failed failed = awaitFailed(start(plan, data.resolve("short")));

        assertThat(failed.owner()).isEqualTo(RunState.Owner.USER);
        assertThat(failed.cause()).contains("retention-would-delete").contains("604800000");
    }

    @Test
    void sidesOfAJoinThatCannotMeetAreRefused() throws ExecutionException, InterruptedException {
        log.create("three", 3, Map.of("cleanup.policy", "compact"));
        Plan plan = Plan.of("apart", flow -> {
            Table<String, Airport> table = flow.table("three", Airport.class);
            flow.stream("flights", Flight.class)
                    .join(table, (key, flight, airport) -> new Airport(airport.iata(), airport.state()))
                    .to("apart");
        });

        RunState.Failed failed = awaitFailed(start(plan, data.resolve("apart")));

        assertThat(failed.operator()).isEqualTo("flights.join");
        assertThat(failed.cause()).contains("got 4 for 'flights' and 3 for 'three'");
    }

    @Test
    void poisonGoesToTheDeadLettersWithItsBytesAndTheJobGoesOn() throws ExecutionException, InterruptedException {
        log.create("messy", 1, Map.of("retention.ms", "-1"));
        log.send("messy", "k", "no json", START);
        log.send("messy", "k", "{\"date\":\"9999-01-01T00:00:00Z\",\"delay\":1,\"origin\":\"ATL\"}", START);
        log.send("messy", "k", "{\"date\":\"1901-01-01T00:00:00Z\",\"delay\":1,\"origin\":\"ATL\"}", START);
        log.send("messy", "k", "{\"date\":\"2001-01-01T00:00:00Z\",\"delay\":0,\"origin\":\"ATL\"}", START);
        log.send("messy", "k", "{\"date\":\"2001-01-01T00:00:00Z\",\"delay\":4,\"origin\":\"ATL\"}", START);
        Plan plan = Plan.of(
                "messy",
                flow -> flow.stream("messy", Flight.class)
                        .eventTime(Flight::date)
                        .map(flight -> new Hour(100 / flight.delay(), 0))
                        .to("messy.out"));

        RunningVersion version = start(plan, data.resolve("messy"));

        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(log.read("messy.out")).hasSize(1);
            assertThat(log.read("messy.dlq")).hasSize(4);
        });
        List<ConsumerRecord<String, String>> letters = log.read("messy.dlq");
        assertThat(letters)
                .extracting(letter -> NodeLog.header(letter, "weir.stage"))
                .containsExactly("messy", "messy", "messy", "messy.map");
        assertThat(letters)
                .extracting(letter -> NodeLog.header(letter, "__streams.errors.offset"))
                .containsExactly("0", "1", "2", "3");
        assertThat(letters.getFirst().value()).isEqualTo("no json");
        assertThat(letters)
                .extracting(letter -> NodeLog.header(letter, "weir.job"))
                .containsOnly("messy");
        await().atMost(Duration.ofSeconds(60)).until(() -> version.state() instanceof RunState.Running);
        assertThat(version.counts().deadLetters()).isEqualTo(4);
    }

    @Test
    void aStoppedVersionLeavesNoThread() throws ExecutionException, InterruptedException {
        log.create("quiet", 2, Map.of());
        Plan plan = Plan.of("quiet", flow -> flow.stream("quiet", Flight.class).to("quiet.out"));
        RunningVersion version = start(plan, data.resolve("quiet"));
        await().atMost(Duration.ofSeconds(60)).until(() -> version.state() instanceof RunState.Running);

        version.stop(Duration.ofSeconds(20));

        assertThat(version.state()).isEqualTo(new RunState.Stopped());
        await().atMost(Duration.ofSeconds(10))
                .untilAsserted(() -> assertThat(Thread.getAllStackTraces().keySet())
                        .extracting(Thread::getName)
                        .noneMatch(name -> name.contains("quiet.v1")));
    }

    @Test
    void theClassesOfAStoppedJobCanBeCollected() throws Exception {
        log.create("collected", 1, Map.of("retention.ms", "-1"));
        log.send("collected", "ATL", "{\"date\":\"2001-01-01T00:00:00Z\",\"delay\":0,\"origin\":\"ATL\"}", START);
        log.send("collected", "ATL", "no json", START);

        WeakReference<ClassLoader> loader = runInLoaderOfItsOwn();

        await().atMost(Duration.ofSeconds(30)).until(() -> {
            System.gc();
            return loader.get() == null;
        });
    }

    /// Runs a job whose classes are loaded anew, as those of an uploaded jar are, until it has written.
    private WeakReference<ClassLoader> runInLoaderOfItsOwn() throws Exception {
        ChildFirst loader = new ChildFirst(getClass().getClassLoader());
        StreamJob job = (StreamJob) loader.loadClass(CollectedJob.class.getName())
                .getDeclaredConstructor()
                .newInstance();
        assertThat(job.getClass().getClassLoader()).isSameAs(loader);
        Plan plan = Plan.of("collected", job);
        RunningVersion version = new KafkaStreamsRunner(Clock.systemUTC())
                .start(RunSpec.of(plan, loader, log.client(), data.resolve("c")));
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            assertThat(version.counts().inByStage()).containsEntry("collected.keyBy.window", 1L);
            assertThat(version.counts().deadLetters()).isEqualTo(1);
        });
        version.stop(Duration.ofSeconds(20));
        return new WeakReference<>(loader);
    }

    /// Uses everything that could hold on to a class: rows bound from JSON, a fold, stores, the dead
    /// letters.
    public static final class CollectedJob implements StreamJob {
        record Row(Instant date, int delay, String origin) {}

        record Total(long flights, long delayMinutes) {}

        @Override
        public void define(Flow flow) {
            flow.stream("collected", Row.class)
                    .eventTime(Row::date)
                    .keyBy(Row::origin)
                    .window(tumbling("1h").grace("0s"))
                    .aggregate(Total.class, count("flights"), sum(Row::delay, "delayMinutes"))
                    .to("collected.out");
        }
    }

    /// Loads the job anew and everything else from its parent.
    private static final class ChildFirst extends ClassLoader {
        ChildFirst(ClassLoader parent) {
            super(parent);
        }

        @Override
        protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (!name.startsWith(CollectedJob.class.getName())) {
                return super.loadClass(name, resolve);
            }
            Class<?> loaded = findLoadedClass(name);
            if (loaded != null) {
                return loaded;
            }
            try (InputStream in = getParent().getResourceAsStream(name.replace('.', '/') + ".class")) {
                byte[] bytes = in.readAllBytes();
                return defineClass(name, bytes, 0, bytes.length);
            } catch (IOException e) {
                throw new ClassNotFoundException(name, e);
            }
        }
    }

    private RunningVersion start(Plan plan, Path state) {
        RunningVersion version = new KafkaStreamsRunner(Clock.systemUTC())
                .start(RunSpec.of(plan, getClass().getClassLoader(), log.client(), state)
                        .threads(2));
        started.add(version);
        return version;
    }

    private static RunState.Failed awaitFailed(RunningVersion version) {
        await().atMost(Duration.ofSeconds(60)).until(() -> version.state() instanceof RunState.Failed);
        return (RunState.Failed) version.state();
    }

    private static void awaitDeath(RunningVersion version) {
        RunState.Failed failed = awaitFailed(version);
        assertThat(failed.cause()).isEqualTo("Killed");
        assertThat(failed.operator()).isEqualTo("flights.where");
        assertThat(failed.position()).matches("flights-[0-3]@\\d+");
        assertThat(failed.owner()).isEqualTo(RunState.Owner.USER);
        version.stop(Duration.ofSeconds(10));
    }

    private static void delete(Path folder) throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
    }
}

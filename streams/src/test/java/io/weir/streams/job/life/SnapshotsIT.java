package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.JobJars;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Snapshot;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// Results as of a place in the sources, on a real broker, against a plain computation over the same records.
class SnapshotsIT extends VersionsOnABroker {
    private static final long GRACE = 600_000;

    @Test
    void randomTimesGiveWhatABatchOverTheSameCutGivesAndTheirOffsetsTheSameBytes() throws Exception {
        agreeAt("t", 1, 20_261_120L);
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void aHundredRandomTimesGiveWhatABatchOverTheSameCutGives() throws Exception {
        agreeAt("h", 100, 4_711L);
    }

    private void agreeAt(String prefix, int times, long seed) throws Exception {
        FlightTopics topics = new FlightTopics(broker, prefix);
        topics.create();
        List<Flight> flights = disordered(Flight.random(4_000, seed), seed);
        topics.produce(flights);
        String job = "hours-" + prefix;
        deploy(new PerHourJob(topics, "keyedBy", "10m"), job);
        Random random = new Random(seed);
        Operation last = null;
        for (int i = 0; i < times; i++) {
            Instant time = Flight.JANUARY_2001.plusSeconds(random.nextInt(3 * 86_400));
            last = snapshot(job, new SnapshotRequest.AsOf.Time(time));
            Map<String, Long> vector = cut(topics, flights, time.toEpochMilli() + Flight.HOUR + GRACE);
            assertThat(longs(last.result().path("asOf").path("offsets")))
                    .as("seed " + seed + ", time " + time)
                    .containsAllEntriesOf(vector);
            assertThat(topics.newest(output(last, prefix)))
                    .as("seed " + seed + ", time " + time)
                    .isEqualTo(batch(topics, flights, vector, time.toEpochMilli()))
                    .isNotEmpty();
        }

        JsonNode asOf = last.result().path("asOf");
        Operation again = snapshot(
                job,
                new SnapshotRequest.AsOf.Offsets(
                        longs(asOf.path("offsets")),
                        Optional.of(Instant.parse(asOf.path("before").asText()))));
        assertThat(bytes(topics, output(again, prefix)))
                .isEqualTo(bytes(topics, output(last, prefix)))
                .isNotEmpty();
        leavesNothingButItsResults(job, again);
        isRemoved(job, again);
    }

    @Test
    void behindAReKeyASnapshotHoldsEveryRowAndOpenWindowsToo() throws Exception {
        FlightTopics topics = new FlightTopics(broker, "k");
        topics.create();
        List<Flight> flights = Flight.random(2_000, 5);
        topics.produce(flights);
        deploy(new PerHourJob(topics, "keyBy", "10m"), "hours-k");

        Operation now = snapshot("hours-k", new SnapshotRequest.AsOf.Now());

        assertThat(topics.newest(output(now, "k"))).isEqualTo(Flight.perHour(flights, false));
        assertThat(topics.newest("k-per-hour")).isNotEqualTo(Flight.perHour(flights, false));
        assertThatThrownBy(() -> jobs.reruns()
                        .snapshot(
                                "hours-k",
                                null,
                                new SnapshotRequest(
                                        new SnapshotRequest.AsOf.Offsets(
                                                Map.of("k-flights-0", 1_000_000L), Optional.empty()),
                                        0),
                                Map.of(),
                                ANY))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("replay-refused"))
                .hasMessageContaining("beyond its end");
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void aSnapshotThatIsCutOffGoesOnOnTheNextNodeAndGivesEachRowOnce() throws Exception {
        FlightTopics topics = new FlightTopics(broker, "c");
        topics.create();
        List<Flight> flights = Flight.random(3_000, 9);
        topics.produce(flights);
        deploy(new PerHourJob(topics, "keyedBy", "10m"), "hours-c");
        Operation begun = jobs.reruns()
                .snapshot("hours-c", null, new SnapshotRequest(new SnapshotRequest.AsOf.Now(), 1_500), Map.of(), ANY)
                .lastOperation();
        await().atMost(PATIENCE).until(() -> done(begun) > 700);

        node.close();
        node = open("next");
        jobs = node.jobs();

        Operation ended = jobs.awaitEnd("hours-c", begun, PATIENCE).operation();
        assertThat(ended.state()).as(ended.problem()).isEqualTo(Operation.Outcome.DONE);
        Map<String, Long> expected = Flight.perHour(flights, false);
        assertThat(topics.newest(output(ended, "c"))).isEqualTo(expected);
        assertThat(topics.rows(output(ended, "c"))).hasSize(expected.size());
    }

    @Test
    void aBackfillReplacesTheWindowsInsideItsRangeAndNothingElse() throws Exception {
        FlightTopics topics = new FlightTopics(broker, "b");
        topics.create();
        List<Flight> flights = Flight.random(3_000, 11);
        topics.produce(flights);
        PerHourJob job = new PerHourJob(topics, "keyedBy", "10m");
        deploy(job, "hours-b");
        Map<String, Long> before = topics.closed(flights, false);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(topics.newest("b-per-hour")).isEqualTo(before));
        int second = add(job, "hours-b");
        Instant from = Flight.JANUARY_2001.plusSeconds(6 * 3_600 + 1);
        Instant to = Flight.JANUARY_2001.plusSeconds(18 * 3_600);
        String ghost = "{\"key\":\"ATL\",\"window_start\":\"2001-01-01T08:15:00.000000000Z\","
                + "\"window_end\":\"2001-01-01T08:30:00.000000000Z\"}";
        topics.put("b-per-hour", FlightTopics.partition("ATL"), ghost, "{\"minutes\":7}");

        assertThat(jobs.reruns()
                        .previewBackfill("hours-b", new BackfillRequest(second, from, to, List.of(), false))
                        .toString())
                .contains("\"from\":\"2001-01-01T04:50:01Z\"", "\"to\":\"2001-01-01T19:10:00Z\"")
                .contains("{\"output\":\"b-per-hour\",\"topic\":\"b-per-hour\"}");
        Operation beside = backfill("hours-b", new BackfillRequest(second, from, to, List.of("JFK"), true));
        String own = beside.result().path("outputs").path(0).path("topic").asText();
        Map<String, Long> official = inside(Flight.perHour(flights, true), from, to);
        Map<String, Long> jfk = new TreeMap<>(official);
        jfk.keySet().removeIf(name -> !name.startsWith("JFK"));
        assertThat(topics.newest(own)).isEqualTo(jfk).isNotEmpty();
        assertThat(topics.newest("b-per-hour")).hasSize(before.size() + 1);

        Map<String, Long> expected = new TreeMap<>(before);
        Operation all = backfill("hours-b", new BackfillRequest(second, from, to, List.of(), false));
        expected.putAll(official);
        assertThat(topics.newest("b-per-hour")).isEqualTo(expected);
        assertThat(all.result().path("outputs").path(0).path("removed").asLong())
                .isEqualTo(1);
        assertThat(topics.rows("b-per-hour").getLast().headers().lastHeader("weir.correction"))
                .isNotNull();
        assertThat(broker.admin().listTopics().names().get())
                .contains(own)
                .noneMatch(topic -> topic.matches("b-per-hour\\.s[0-9]+|hours-b\\.s.*"));
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void deadLettersFedAgainGiveTheCleanResultAlsoOfWindowsThatHaveClosed() throws Exception {
        FlightTopics topics = new FlightTopics(broker, "d");
        topics.create();
        List<Flight> flights = Flight.random(2_000, 12);
        List<Flight> sound =
                flights.stream().filter(flight -> flight.delay() < 20).toList();
        topics.produce(flights);
        System.setProperty("d.broken", "true");
        try {
            Job deployed = jobs.deploy(new PerHourJob(topics, "keyedBy", "10m")
                    .request("hours-d", BROKEN.replace("NAME", "d.broken"), "1"));
            jobs.awaitEnd("hours-d", deployed.lastOperation(), PATIENCE);
            topics.closeAllWindows();
            await().atMost(PATIENCE)
                    .untilAsserted(
                            () -> assertThat(topics.newest("d-per-hour")).isEqualTo(Flight.perHour(sound, false)));
            Operation failed = redrive("hours-d");
            assertThat(failed.result().path("letters").asLong()).isEqualTo(flights.size() - sound.size());
            assertThat(failed.result().path("failedAgain").asLong()).isEqualTo(flights.size() - sound.size());
        } finally {
            System.clearProperty("d.broken");
        }

        Operation clean = redrive("hours-d");

        assertThat(clean.result().path("failedAgain").asLong()).isZero();
        assertThat(topics.newest("d-per-hour")).isEqualTo(Flight.perHour(flights, false));
        assertThatThrownBy(() -> jobs.reruns().redrive("hours-d", Map.of(), ANY))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("dlq-empty"));
    }

    @Test
    void deadLettersOfAJobWithoutWindowsAreAddedToWhatIsThereEachOnce() throws Exception {
        FlightTopics topics = new FlightTopics(broker, "e");
        topics.create();
        List<Flight> flights = Flight.random(600, 13);
        topics.produce(flights);
        System.setProperty("e.broken", "true");
        try {
            Path jar = JobJars.in(folder).source("shop.Copy", COPY).build("e.jar");
            Job deployed = jobs.deploy(new DeployRequest("copy-e", "shop.Copy", Map.of(), "e.jar", jar));
            jobs.awaitEnd("copy-e", deployed.lastOperation(), PATIENCE);
            awaitNoLag("copy-e", 1);
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(topics.rows("e-copies")).isNotEmpty());
        } finally {
            System.clearProperty("e.broken");
        }
        assertThat(topics.rows("e-copies").size() + topics.rows("copy-e.dlq").size())
                .isEqualTo(600);
        assertThat(jobs.reruns().previewRedrive("copy-e").path("how").asText()).isEqualTo("records");

        Operation fed = redrive("copy-e");

        assertThat(fed.result().path("letters").asLong()).isPositive();
        List<String> copies = topics.rows("e-copies").stream()
                .map(ConsumerRecord::value)
                .sorted()
                .toList();
        assertThat(copies)
                .isEqualTo(flights.stream()
                        .map(flight -> "{\"delay\":" + flight.delay() + ",\"state\":\"in " + flight.origin() + "\"}")
                        .sorted()
                        .toList());
    }

    private static final String BROKEN =
            "flight -> { if (Boolean.getBoolean(\"NAME\") && flight.delay() >= 20) throw new IllegalStateException(\"broken\");"
                    + " return flight.delay(); }";

    private static final String COPY = """
            package shop;

            import io.weir.streams.dsl.*;

            public class Copy implements StreamJob {
                public record Flight(String origin, long delay) {}
                public record Airport(String state) {}
                public record Line(long delay, String state) {}

                public void define(Flow flow) {
                    Table<String, Airport> airports = flow.table("e-airports", Airport.class);
                    flow.stream("e-flights", Flight.class).keyedBy(Flight::origin)
                            .join(airports, (origin, flight, airport) -> {
                                if (Boolean.getBoolean("e.broken") && flight.delay() >= 20) {
                                    throw new IllegalStateException("broken");
                                }
                                return new Line(flight.delay(), airport.state());
                            })
                            .to("e-copies");
                }
            }
            """;

    private Operation backfill(String job, BackfillRequest request) {
        Operation ended = end(job, jobs.reruns().backfill(job, request, Map.of(), ANY));
        assertThat(ended.problem()).isEmpty();
        assertThat(ended.state()).isEqualTo(Operation.Outcome.DONE);
        return ended;
    }

    private Operation redrive(String job) {
        Operation ended = end(job, jobs.reruns().redrive(job, Map.of(), ANY));
        assertThat(ended.problem()).isEmpty();
        assertThat(ended.state()).isEqualTo(Operation.Outcome.DONE);
        return ended;
    }

    /// Of hours by `origin hour` those that lie wholly inside.
    private static Map<String, Long> inside(Map<String, Long> hours, Instant from, Instant to) {
        Map<String, Long> inside = new TreeMap<>(hours);
        inside.keySet()
                .removeIf(name -> Long.parseLong(name.substring(4)) < from.toEpochMilli()
                        || Long.parseLong(name.substring(4)) + Flight.HOUR > to.toEpochMilli());
        return inside;
    }

    private long done(Operation operation) {
        return jobs.operation("hours-c", operation.id())
                .run()
                .map(run -> run.replay().done())
                .orElse(0L);
    }

    private Operation snapshot(String job, SnapshotRequest.AsOf asOf) {
        Operation ended = end(job, jobs.reruns().snapshot(job, null, new SnapshotRequest(asOf, 0), Map.of(), ANY));
        assertThat(ended.problem()).isEmpty();
        assertThat(ended.state()).isEqualTo(Operation.Outcome.DONE);
        return ended;
    }

    private static String output(Operation snapshot, String prefix) {
        return snapshot.result().path("outputs").path(prefix + "-per-hour").asText();
    }

    private void leavesNothingButItsResults(String job, Operation made) throws Exception {
        Snapshot snapshot = jobs.get(job)
                .job()
                .snapshot(made.result().path("snapshot").asInt())
                .orElseThrow();
        assertThat(snapshot.phase()).isEqualTo(Snapshot.Phase.DONE);
        assertThat(broker.admin().listTopics().names().get())
                .contains(snapshot.outputs().values().toArray(String[]::new))
                .noneMatch(topic -> topic.startsWith(snapshot.applicationId()));
        assertThat(broker.admin().listGroups().all().get())
                .noneMatch(group -> group.groupId().equals(snapshot.applicationId()));
        assertThat(folder.resolve("jobs/state/" + snapshot.applicationId())).doesNotExist();
    }

    private void isRemoved(String job, Operation made) {
        int number = made.result().path("snapshot").asInt();
        String topic = made.result().path("outputs").elements().next().asText();

        jobs.reruns().remove(job, number, ANY);

        assertThat(jobs.get(job).job().snapshot(number)).isEmpty();
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(broker.admin().listTopics().names().get()).doesNotContain(topic));
        assertThatThrownBy(() -> jobs.reruns().remove(job, number, ANY))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("snapshot-unknown"));
    }

    /// Most rows up to nine minutes late, some up to two hours, which is too late for many of them.
    private static List<Flight> disordered(List<Flight> inOrder, long seed) {
        Random random = new Random(seed);
        Map<Flight, Long> arrival = new HashMap<>();
        for (Flight flight : inOrder) {
            long late = random.nextInt(20) == 0 ? random.nextInt(7_200_000) : random.nextInt(540_000);
            arrival.put(flight, flight.at().toEpochMilli() + late);
        }
        List<Flight> arrived = new ArrayList<>(inOrder);
        arrived.sort((a, b) -> Long.compare(arrival.get(a), arrival.get(b)));
        return arrived;
    }

    /// The offsets of the first flights that reach a time, by partition of the flights' topic; its end
    /// without one.
    private static Map<String, Long> cut(FlightTopics topics, List<Flight> flights, long reachMillis) {
        Map<String, Long> next = new TreeMap<>();
        Map<String, Long> found = new TreeMap<>();
        for (Flight flight : flights) {
            String partition = topics.prefix() + "-flights-" + FlightTopics.partition(flight.origin());
            long offset = next.merge(partition, 1L, Long::sum) - 1;
            if (flight.at().toEpochMilli() >= reachMillis) {
                found.putIfAbsent(partition, offset);
            }
        }
        next.forEach(found::putIfAbsent);
        return found;
    }

    /// What the job's rule makes of the flights before a time and before the vector: a flight is late when
    /// the window
    /// it
    /// belongs to has closed in its partition.
    private static Map<String, Long> batch(
            FlightTopics topics, List<Flight> flights, Map<String, Long> vector, long beforeMillis) {
        Map<String, Long> next = new TreeMap<>();
        Map<String, Long> newest = new TreeMap<>();
        List<Flight> taken = new ArrayList<>();
        for (Flight flight : flights) {
            String partition = topics.prefix() + "-flights-" + FlightTopics.partition(flight.origin());
            long offset = next.merge(partition, 1L, Long::sum) - 1;
            long at = flight.at().toEpochMilli();
            long gate = newest.getOrDefault(partition, -1L);
            boolean late = at < gate && at / Flight.HOUR * Flight.HOUR + Flight.HOUR + GRACE <= gate;
            if (offset < vector.get(partition) && at < beforeMillis && !late) {
                newest.merge(partition, at, Math::max);
                taken.add(flight);
            }
        }
        return Flight.perHour(taken, false);
    }

    private static Map<String, Long> longs(JsonNode node) {
        Map<String, Long> longs = new TreeMap<>();
        node.properties()
                .forEach(entry -> longs.put(entry.getKey(), entry.getValue().asLong()));
        return longs;
    }

    /// Everything that stands in a topic, partition by partition in order.
    private static List<String> bytes(FlightTopics topics, String topic) {
        TreeMap<Integer, List<String>> partitions = new TreeMap<>();
        for (ConsumerRecord<String, String> row : topics.rows(topic)) {
            partitions
                    .computeIfAbsent(row.partition(), number -> new ArrayList<>())
                    .add(row.timestamp() + " " + row.key() + " " + row.value());
        }
        List<String> all = new ArrayList<>();
        partitions.forEach((number, rows) -> rows.forEach(row -> all.add(number + " " + row)));
        return all;
    }
}

package io.weir.streams.job.life;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Snapshot;
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

    /// The offsets of the first flights that reach a time, by partition of the flights' topic; its end without one.
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

    /// What the job's rule makes of the flights before a time and before the vector: a flight is late when the window
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

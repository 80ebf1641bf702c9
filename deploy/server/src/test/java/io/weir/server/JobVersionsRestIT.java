package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.server.Flights.Flight;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// Two versions of the example job on the packaged node, on real flights of 2001: the second one, by the
/// official rule,
/// is replayed with a kill in the middle, compared, promoted, rolled back and retired, by the command line
/// and REST.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JobVersionsRestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    /// What was killed is waited for as long as its session lasts: a broker 9 s, a stream thread 10 s, unless it is
    /// less.
    private static final Map<String, String> SETTINGS = Map.of(
            "kafka.group.min.session.timeout.ms", "1000",
            "kafka.broker.session.timeout.ms", "2000",
            "kafka.broker.heartbeat.interval.ms", "500");

    private static final String[] SHORT_SESSIONS = {
        "--config", "consumer.session.timeout.ms=2000", "--config", "consumer.heartbeat.interval.ms=500"
    };

    private static final long HOUR_MILLIS = 3_600_000;
    private static final long GRACE_MILLIS = 600_000;
    private static final int ARCHIVED = 12_000;
    private static final int HISTORY = 15_000;
    private static final int ALL = 20_000;

    @TempDir
    static Path data;

    private static WeirProcess weir;
    private static Path jar;
    private static List<Flight> flights;

    @BeforeAll
    static void startNodeWithAJobAndItsHistory() throws Exception {
        jar = Flights.jar();
        flights = Flights.read(ALL);
        weir = WeirProcess.start(data, SETTINGS);
        Flights.createTopics(weir.kafka(), flights);
        Flights.produce(weir.kafka(), flights.subList(0, ARCHIVED));
        cli(withShortSessions(
                "job", "deploy", jar.toString(), "--class", "io.weir.examples.DelaysByHour", "--job", "delays"));
        awaitNoLag(1);
        cli("tier", "now", "flights");
        Flights.produce(weir.kafka(), flights.subList(ARCHIVED, HISTORY));
        awaitNoLag(1);
    }

    @AfterAll
    static void stopNode() {
        weir.close();
    }

    @Test
    @Order(1)
    void theNewRuleNeedsAReplayAndIsPlannedBesideTheLiveVersion() throws Exception {
        String planned = cli(
                "job", "plan", jar.toString(), "--class", "io.weir.examples.OfficialDelaysByHour", "--job", "delays");
        assertThat(cli(
                        "job",
                        "plan",
                        jar.toString(),
                        "--class",
                        "io.weir.examples.OfficialDelaysByHour",
                        "--job",
                        "delays",
                        "--json"))
                .contains("\"tier\":\"T2\"");
        assertThat(planned).contains("needs a replay").contains("fold").contains("lost");

        String added = cli(withShortSessions(
                "job", "add", jar.toString(), "--class", "io.weir.examples.OfficialDelaysByHour", "--job", "delays"));

        assertThat(added).contains("Version 2 is planned");
        problem(weir.post("/jobs/delays/versions/2/deploy", ""), 409, "replay-needed")
                .contains("/jobs/delays/versions/2/replay");
        problem(weir.post("/jobs/delays/promote", "{\"version\":2,\"gate\":\"none\"}"), 409, "version-state")
                .contains("SHADOW");
        problem(weir.post("/jobs/delays/versions/2/replay", "{\"from\":\"yesterday\"}"), 400, "spec-invalid")
                .contains("2001-03-01T00:00:00Z");
        problem(weir.post("/jobs/delays/versions/2/replay", "{\"tier\":\"T3\"}"), 409, "tier-refused");
        problem(weir.post("/jobs/delays/versions/9/replay", ""), 404, "version-unknown");
        problem(weir.post("/jobs/delays/rollback", ""), 409, "version-not-warm");
    }

    @Test
    @Order(2)
    void aReplayThatIsKilledInTheMiddleGoesOnAndGivesEachFinalOnce() throws Exception {
        HttpResponse<String> begun = weir.post("/jobs/delays/versions/2/replay", "{\"rate\":3000}");
        assertThat(begun.statusCode()).as(begun.body()).isEqualTo(202);
        String operation = json(begun).path("operation").path("id").asText();
        problem(weir.post("/jobs/delays/versions/2/retire", ""), 409, "operation-running")
                .contains(operation);
        await().atMost(PATIENCE).until(() -> done(operation) > 4_000);
        assertThat(operation(operation).path("coldRecords").asLong()).isPositive();
        assertThat(json(weir.get("/jobs/delays/versions/2"))
                        .path("replay")
                        .path("tier")
                        .asText())
                .isEqualTo("T2");
        assertThat(cli("job", "status", "delays")).contains("REPLAYING(T2)").contains("from the archive");

        weir.kill9();
        weir.close();
        weir = WeirProcess.start(data, SETTINGS);

        await().atMost(PATIENCE).until(() -> done(operation) > 4_000);
        assertThat(done(operation)).isLessThan(HISTORY);
        cli("job", "tune", "delays", operation, "--rate", "0");
        await().atMost(PATIENCE)
                .untilAsserted(() ->
                        assertThat(operation(operation).path("state").asText()).isEqualTo("DONE"));
        assertThat(state(2)).isEqualTo("SHADOW");
        assertThat(weir.get("/q/metrics").body())
                .as("no cold read at the broker")
                .containsPattern("(?m)^weir_tier_cold_batches_total(\\{[^}]*})? 0\\.0$");
        Map<String, String> expected = closedHours(flights.subList(0, HISTORY), true);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(newest("delays_by_hour.v2")).isEqualTo(expected));
        assertThat(rows("delays_by_hour.v2")).as("each final once").hasSize(expected.size());
        assertThat(newest("delays_by_hour")).isEqualTo(closedHours(flights.subList(0, HISTORY), false));
    }

    @Test
    @Order(3)
    void theVersionsDifferExactlyWhereTheRulesDo() throws Exception {
        Map<String, String> old = closedHours(flights.subList(0, HISTORY), false);
        Map<String, String> official = closedHours(flights.subList(0, HISTORY), true);
        long differing = old.keySet().stream()
                .filter(key -> !old.get(key).equals(official.get(key)))
                .count();

        HttpResponse<String> compared = weir.post("/jobs/delays/compare", "{}");

        assertThat(compared.statusCode()).as(compared.body()).isEqualTo(202);
        JsonNode operation = json(compared).path("operation");
        assertThat(operation.path("state").asText()).as(compared.body()).isEqualTo("DONE");
        JsonNode output = operation.path("result").path("outputs").path(0);
        assertThat(operation.path("result").path("verdict").asText()).isEqualTo("differs");
        assertThat(output.path("changed").asLong()).isEqualTo(differing).isPositive();
        assertThat(output.path("equal").asLong()).isEqualTo(old.size() - differing);
        assertThat(output.path("missing").asLong()
                        + output.path("extra").asLong()
                        + output.path("open").asLong())
                .isZero();
        JsonNode first = output.path("first").path(0);
        assertThat(first.path("left").path("flights"))
                .isEqualTo(first.path("right").path("flights"));
        assertThat(first.path("left").path("delayMinutes"))
                .isNotEqualTo(first.path("right").path("delayMinutes"));
        assertThat(first.path("lineage").size()).as(first.toString()).isEqualTo(1);
        assertThat(first.path("lineage").elements().next().size())
                .isEqualTo(first.path("left").path("flights").asInt());
        problem(weir.post("/jobs/delays/promote", "{\"version\":2}"), 409, "job-gate")
                .contains(differing + " rows outside");
        assertThat(cli("job", "compare", "delays", "--expect", "flights >= 1")).contains("differs-as-expected");
    }

    /// [TakeOverKillsIT] kills the node at each step of it.
    @Test
    @Order(4)
    void afterAPromotionReadersOfTheTopicSeeTheNewRuleForAllOfHistory() throws Exception {
        int before = rows("delays_by_hour").size();
        Map<String, String> old = closedHours(flights.subList(0, HISTORY), false);
        long differing = closedHours(flights.subList(0, HISTORY), true).entrySet().stream()
                .filter(hour -> !hour.getValue().equals(old.get(hour.getKey())))
                .count();
        weir.post("/jobs/delays/promote?timeout=0ms", "{\"version\":2}");
        await().atMost(PATIENCE).until(() -> state(2).equals("LIVE"));
        assertThat(rows("delays_by_hour").size() - before)
                .as("each correction once")
                .isEqualTo(Math.toIntExact(differing));

        assertThat(newest("delays_by_hour")).isEqualTo(closedHours(flights.subList(0, HISTORY), true));
        assertThat(state(1)).isEqualTo("WARM");
        assertThat(state(2)).isEqualTo("LIVE");
        Flights.produce(weir.kafka(), flights.subList(HISTORY, ALL));
        Map<String, String> official = closedHours(flights, true);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(newest("delays_by_hour")).isEqualTo(official));
        problem(weir.post("/jobs/delays/versions/2/retire", ""), 409, "version-live")
                .contains("delays_by_hour");
    }

    @Test
    @Order(5)
    void aRollbackGivesTheOldRuleBackAndARetiredVersionLeavesNothing() throws Exception {
        awaitNoLag(1);
        awaitNoLag(2);
        assertThat(cli("job", "rollback", "delays", "--reason", "disputed")).contains("version 1 is live again");
        assertThat(newest("delays_by_hour")).isEqualTo(closedHours(flights, false));

        assertThat(cli("job", "retire", "delays", "2", "--yes")).contains("retired");

        try (Admin admin = Admin.create(Flights.client(weir.kafka()))) {
            await().atMost(PATIENCE)
                    .untilAsserted(() -> assertThat(admin.listTopics().names().get())
                            .contains("delays_by_hour")
                            .noneMatch(topic -> topic.startsWith("delays.v2") || topic.endsWith(".v2")));
            assertThat(admin.listGroups().all().get())
                    .noneMatch(group -> group.groupId().equals("delays.v2"));
        }
        assertThat(data.resolve("jobs/state/delays.v2")).doesNotExist();
        String history = weir.post(
                        "/sql",
                        "{\"sql\":\"SELECT rev, event, operationKind FROM __weir_jobs_history WHERE job = 'delays'"
                                + " ORDER BY rev\"}")
                .body();
        assertThat(history)
                .contains("version 1 deployed", "barrier set", "version 2 is live", "version 1 is live")
                .contains("version 2 removed", "ROLLBACK", "RETIRE");
        JsonNode job = json(weir.get("/jobs/delays"));
        assertThat(job.path("versions")).hasSize(1);
        assertThat(job.path("state").asText()).isEqualTo("LIVE");
    }

    private static String[] withShortSessions(String... command) {
        return Stream.concat(Stream.of(command), Stream.of(SHORT_SESSIONS)).toArray(String[]::new);
    }

    private static String cli(String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(List.of("--server", weir.http().toString()));
        Cli.Result result = Cli.run(whole.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result.out();
    }

    private static long done(String operation) throws IOException {
        return operation(operation).path("done").asLong();
    }

    private static JsonNode operation(String id) throws IOException {
        return json(weir.get("/jobs/delays/operations/" + id));
    }

    private static String state(int version) throws IOException {
        return json(weir.get("/jobs/delays/versions/" + version)).path("state").asText();
    }

    private static void awaitNoLag(int version) {
        await().atMost(PATIENCE).until(() -> {
            JsonNode lag = json(weir.get("/jobs/delays/versions/" + version)).path("lag");
            return lag.size() == 2
                    && lag.path("flights").asLong() == 0
                    && lag.path("airports").asLong() == 0;
        });
    }

    private static org.assertj.core.api.AbstractStringAssert<?> problem(
            HttpResponse<String> answer, int status, String code) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        JsonNode problem = json(answer);
        assertThat(problem.path("type").asText()).isEqualTo("/problems/" + code);
        return assertThat(problem.path("detail").asText());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }

    /// The hours that must be out, by `origin hour`: the window's end and its grace are not after the newest
    /// flight of
    /// its partition.
    private static Map<String, String> closedHours(List<Flight> part, boolean official) {
        long[] newest = new long[Flights.PARTITIONS];
        Map<String, long[]> sums = new TreeMap<>();
        for (Flight flight : part) {
            long at = flight.at().toEpochMilli();
            newest[Flights.partition(flight.origin())] = Math.max(newest[Flights.partition(flight.origin())], at);
            long[] sum =
                    sums.computeIfAbsent(flight.origin() + " " + at / HOUR_MILLIS * HOUR_MILLIS, key -> new long[2]);
            sum[0]++;
            sum[1] += !official || flight.delay() >= 15 ? flight.delay() : 0;
        }
        Map<String, String> closed = new TreeMap<>();
        sums.forEach((key, sum) -> {
            String origin = key.substring(0, key.indexOf(' '));
            long hour = Long.parseLong(key.substring(key.indexOf(' ') + 1));
            if (hour + HOUR_MILLIS + GRACE_MILLIS <= newest[Flights.partition(origin)]) {
                closed.put(key, sum[0] + " flights, " + sum[1] + " min, in " + origin);
            }
        });
        return closed;
    }

    /// The newest committed row of each key.
    private static Map<String, String> newest(String topic) throws IOException {
        Map<String, String> newest = new TreeMap<>();
        for (ConsumerRecord<String, String> row : rows(topic)) {
            JsonNode key = JSON.readTree(row.key());
            String name = key.path("key").asText() + " "
                    + Instant.parse(key.path("window_start").asText()).toEpochMilli();
            if (row.value() == null) {
                newest.remove(name);
            } else {
                JsonNode value = JSON.readTree(row.value());
                newest.put(
                        name,
                        value.path("flights").asLong() + " flights, "
                                + value.path("delayMinutes").asLong() + " min, "
                                + value.path("state").asText());
            }
        }
        return newest;
    }

    private static List<ConsumerRecord<String, String>> rows(String topic) {
        return Flights.rows(weir.kafka(), topic);
    }
}

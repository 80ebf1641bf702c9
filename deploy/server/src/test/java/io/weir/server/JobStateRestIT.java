package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.server.Flights.Flight;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The state of a job that two nodes share, read from both of them over REST.
class JobStateRestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long GRACE_MILLIS = 600_000;

    @TempDir
    static Path data;

    private static WeirProcess first;
    private static WeirProcess second;
    private static URI one;
    private static URI other;
    private static List<Flight> flights;
    private static String windows;

    @BeforeAll
    static void startTwoNodesWithAJob() throws Exception {
        flights = Flights.read(3_000);
        first = WeirProcess.start(data.resolve("first"), Map.of());
        Flights.createTopics(first.kafka(), flights);
        Flights.produce(first.kafka(), flights);
        one = first.http();
        int port;
        try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = free.getLocalPort();
        }
        other = URI.create("http://127.0.0.1:" + port);
        second = WeirProcess.launch(
                data.resolve("second"),
                Map.of(
                        "weir.log.mode",
                        "external",
                        "weir.log.bootstrap.servers",
                        first.kafka(),
                        "weir.roles",
                        "jobs",
                        "weir.http.port",
                        String.valueOf(port)));
        await().atMost(PATIENCE)
                .ignoreExceptions()
                .until(() -> get(other, "/jobs").statusCode() == 200);
        cli("job", "deploy", Flights.jar().toString(), "--class", "io.weir.examples.DelaysByHour", "--job", "delays");
        for (JsonNode store : json(get(one, "/jobs/delays/stores")).path("stores")) {
            windows = store.path("kind").asText().equals("window")
                    ? store.path("store").asText()
                    : windows;
        }
        // both take part, and every flight has been taken in
        await().atMost(PATIENCE).until(() -> nodes().size() == 2);
        for (String origin : onePerPartition()) {
            String least = "{\"flights-" + Flights.partition(origin) + "\":" + inPartition(origin) + "}";
            await().atMost(PATIENCE)
                    .until(() -> get(one, of(windows, origin) + "?timeout=10s&atLeast=" + escape(least))
                                    .statusCode()
                            == 200);
        }
    }

    @AfterAll
    static void stopNodes() {
        if (second != null) {
            second.close();
        }
        first.close();
    }

    @Test
    void everyKeyReadsTheSameFromBothNodesThoughOneHasIt() throws IOException {
        for (String origin : origins()) {
            JsonNode here = json(get(one, of("airports", origin)));
            JsonNode there = json(get(other, of("airports", origin)));

            assertThat(here.path("value").path("state").asText()).isEqualTo("in " + origin);
            assertThat(there).isEqualTo(here);
        }
        assertThat(nodes()).containsExactlyInAnyOrder(one.getAuthority(), other.getAuthority());
    }

    @Test
    void openWindowsHoldWhatHasComeSoFarAndClosedOnesAreFinal() throws IOException {
        Map<String, String> found = new TreeMap<>();
        for (String origin : origins()) {
            JsonNode answer = json(get(other, of(windows, origin)));
            assertThat(answer.path("final").asBoolean(true)).isFalse();
            for (JsonNode row : answer.path("rows")) {
                assertThat(row.path("final").asBoolean(true)).isFalse();
                found.put(
                        origin + " " + row.path("window").path("start").asText(),
                        row.path("value").path("flights").asLong() + " flights, "
                                + row.path("value").path("delayMinutes").asLong() + " min");
            }
        }
        assertThat(found).isEqualTo(openHours());

        Instant day = flights.getFirst().at();
        JsonNode old = json(get(
                one,
                of(windows, flights.getFirst().origin()) + "?from=" + day.minusSeconds(7200) + "&to="
                        + day.minusSeconds(3600)));
        assertThat(old.path("rows")).isEmpty();
        assertThat(old.path("final").asBoolean()).isTrue();
    }

    @Test
    void pagesGiveEachRowOnceFromEitherNode() throws Exception {
        for (URI node : List.of(one, other)) {
            List<String> found = new ArrayList<>();
            String after = "";
            do {
                JsonNode page = json(get(node, "/jobs/delays/stores/airports?limit=7" + after));
                assertThat(page.path("rows").size()).isLessThanOrEqualTo(7);
                page.path("rows").forEach(row -> found.add(row.path("key").asText()));
                after = page.has("next") ? "&after=" + escape(page.path("next").asText()) : "";
            } while (!after.isEmpty());

            assertThat(found).containsExactlyInAnyOrderElementsOf(origins());
        }
        JsonNode some = json(get(one, "/jobs/delays/stores/airports?fromKey=B&toKey=C"));
        assertThat(some.path("rows"))
                .isNotEmpty()
                .allMatch(row -> row.path("key").asText().startsWith("B"));
        assertThat(cli("job", "get", "delays", "airports", "ATL"))
                .contains("\"ATL\"")
                .contains("in ATL");
        assertThat(cli("job", "stores", "delays")).contains("airports").contains("key-value");
    }

    @Test
    void whatCannotBeReadIsAProblemThatSaysWhy() throws IOException {
        problem(get(one, "/jobs/delays/stores/airport"), 404, "store-unknown").contains("Did you mean 'airports'?");
        problem(get(one, of("airports", "none")), 404, "key-unknown").contains("'none'");
        problem(get(one, of("airports", "ATL") + "?from=yesterday"), 400, "parameter-invalid")
                .contains("2001-03-01T00:00:00Z");
        problem(get(one, of("airports", "ATL") + "?form=x"), 400, "parameter-invalid")
                .contains("'form'");
        problem(get(one, of("airports", "ATL") + "?version=7"), 404, "version-unknown")
                .contains("only [1]");
        problem(get(one, of(windows + "-gate", "0")), 422, "state-refused").contains("not for readers");
        String far = escape("{\"airports-" + Flights.partition("ATL") + "\":1000000}");
        problem(get(other, of("airports", "ATL") + "?timeout=200ms&atLeast=" + far), 503, "state-behind")
                .contains("1000000");
        problem(get(one, "/jobs/none/stores"), 404, "job-unknown");
    }

    private static HttpResponse<String> get(URI node, String path) {
        return first.send(HttpRequest.newBuilder(node.resolve(path))
                .timeout(Duration.ofSeconds(60))
                .build());
    }

    @Test
    void aSnapshotIsMadeListedAndDroppedByCommand() throws Exception {
        problem(post("/jobs/delays/snapshots", "{\"asOf\":{\"tme\":\"x\"}}"), 400, "spec-invalid")
                .contains("'tme'");
        problem(
                        post("/jobs/delays/snapshots", "{\"asOf\":{\"offsets\":{\"flights-0\":999999}}}"),
                        422,
                        "replay-refused")
                .contains("beyond its end");
        Instant time = flights.get(1_500).at();

        String made = cli("job", "snapshot", "delays", "--time", time.toString());
        String number = made.replaceAll("(?s).*Snapshot ([0-9]+) of job.*", "$1");

        assertThat(made).contains("delays_by_hour -> delays_by_hour.s" + number).contains("--before " + time);
        JsonNode snapshot = json(get(other, "/jobs/delays/snapshots/" + number));
        assertThat(snapshot.path("state").asText()).isEqualTo("DONE");
        assertThat(snapshot.path("asOf").path("before").asText()).isEqualTo(time.toString());
        assertThat(cli("job", "snapshots", "delays"))
                .contains("delays_by_hour.s" + number)
                .contains("DONE");
        assertThat(cli("job", "drop-snapshot", "delays", number, "--yes")).contains("removed");
        List<String> events =
                json(get(other, "/jobs/delays/events")).path("events").findValuesAsText("event");
        assertThat(events)
                .containsSubsequence(
                        "version 1 deployed",
                        "version 1 is live",
                        "snapshot " + number + " requested",
                        "snapshot " + number + " knows where it ends",
                        "snapshot " + number + " is written",
                        "snapshot " + number + " is done",
                        "snapshot " + number + " removed");
        assertThat(followed(events.size())).isEqualTo(events);
        problem(get(one, "/jobs/delays/snapshots/" + number), 404, "snapshot-unknown");
    }

    @Test
    void aBackfillByCommandFindsNothingToCorrectAndDeadLettersThatAreNotThereAreAProblem() throws Exception {
        problem(post("/jobs/delays/backfill", "{\"from\":\"2001-01-02T00:00:00Z\"}"), 400, "spec-invalid")
                .contains("'to'");
        problem(
                        post(
                                "/jobs/delays/backfill",
                                "{\"from\":\"2001-01-02T00:00:00Z\",\"to\":\"2001-01-01T00:00:00Z\"}"),
                        400,
                        "spec-invalid")
                .contains("before 'to'");
        problem(post("/jobs/delays/dlq/replay", ""), 409, "dlq-empty").contains("delays.dlq");
        String from = flights.getFirst().at().toString();
        String to = flights.getLast().at().toString();
        assertThat(cli("job", "backfill", "delays", "--from", from, "--to", to, "--dry-run"))
                .contains("recordsAtMost")
                .contains("delays_by_hour");

        String done = cli("job", "backfill", "delays", "--from", from, "--to", to, "--json");

        JsonNode output = JSON.readTree(done).path("outputs").path(0);
        assertThat(output.path("output").asText()).isEqualTo("delays_by_hour");
        assertThat(output.path("corrections").asLong(-1)).as(done).isZero();
        assertThat(output.path("equal").asLong())
                .isPositive()
                .isEqualTo(output.path("rows").asLong());
        assertThat(json(get(other, "/jobs/delays/snapshots")).path("snapshots").findValuesAsText("kind"))
                .contains("backfill");
    }

    @Test
    void theTopologyIsAGraphFromSourcesToOutputsWithStoresAndCounts() throws Exception {
        JsonNode graph = json(get(one, "/jobs/delays/topology"));
        Set<String> nodes = new HashSet<>();
        graph.path("nodes").forEach(node -> nodes.add(node.path("id").asText()));
        assertThat(nodes).contains("topic:flights", "topic:airports", "topic:delays_by_hour", windows);
        for (JsonNode edge : graph.path("edges")) {
            assertThat(nodes)
                    .contains(edge.path("from").asText(), edge.path("to").asText());
        }
        assertThat(graph.path("lag").path("flights").asLong(-1)).isZero();
        assertThat(graph.path("stores").findValuesAsText("store")).contains("airports", windows);
        assertThat(cli("job", "topology", "delays")).startsWith("flowchart LR").contains("flights");

        await().atMost(PATIENCE).untilAsserted(() -> {
            String metrics = get(one, "/q/metrics").body();
            assertThat(metrics)
                    .containsPattern("weir_job_running\\{[^}]*job=\"delays\"[^}]*version=\"1\"[^}]*} 1")
                    .containsPattern("weir_job_records_in_total\\{[^}]*stage=\"flights[^}]*} [1-9]")
                    .containsPattern("weir_job_lag_records\\{[^}]*topic=\"flights\"[^}]*} 0")
                    .containsPattern("weir_job_state_bytes\\{[^}]*store=\"airports\"[^}]*} [1-9]");
            Set<String> exported = MetricsPage.exported(metrics);
            assertThat(MetricsPage.names()).as("exported, not on the page").containsAll(exported);
        });
    }

    @Test
    void aRequestThatIsSentAgainWithItsKeyBeginsNothingAnew() throws Exception {
        String slow = "{\"rate\":10}";
        String id = json(first.post("/jobs/delays/snapshots?timeout=0ms", slow, "Idempotency-Key", "once"))
                .path("operation")
                .path("id")
                .asText();

        HttpResponse<String> again = first.post("/jobs/delays/snapshots?timeout=0ms", slow, "Idempotency-Key", "once");

        assertThat(again.statusCode()).as(again.body()).isEqualTo(202);
        assertThat(json(again).path("operation").path("id").asText()).isEqualTo(id);
        problem(first.post("/jobs/delays/compare", "{}", "Idempotency-Key", "once"), 422, "idempotency-key-taken")
                .contains(id);
        problem(first.post("/jobs/delays/snapshots", slow), 409, "operation-running")
                .contains(id);
        assertThat(cli("job", "cancel", "delays", id)).contains("CANCELLED");
        assertThat(json(get(other, "/jobs/delays/snapshots")).path("snapshots").findValuesAsText("state"))
                .contains("FAILED");
    }

    /// The first events of the stream, as a client sees them who begins in front.
    private static List<String> followed(int count) throws Exception {
        HttpRequest request = HttpRequest.newBuilder(one.resolve("/jobs/delays/events"))
                .header("Accept", "text/event-stream")
                .timeout(Duration.ofSeconds(30))
                .build();
        List<String> events = new ArrayList<>();
        try (HttpClient client = HttpClient.newHttpClient();
                Stream<String> lines = client.send(request, HttpResponse.BodyHandlers.ofLines())
                        .body()) {
            Iterator<String> each = lines.iterator();
            while (events.size() < count) {
                String line = each.next();
                if (line.startsWith("data:")) {
                    events.add(JSON.readTree(line.substring(5)).path("event").asText());
                }
            }
            client.shutdownNow();
        }
        return events;
    }

    private static HttpResponse<String> post(String path, String body) {
        return first.post(path, body);
    }

    /// Those that airports are read from.
    private static Set<String> nodes() throws IOException {
        Set<String> nodes = new HashSet<>();
        for (String origin : onePerPartition()) {
            nodes.add(json(get(one, of("airports", origin))).path("node").asText());
        }
        nodes.remove("");
        return nodes;
    }

    private static Collection<String> onePerPartition() {
        Map<Integer, String> found = new TreeMap<>();
        origins().forEach(origin -> found.putIfAbsent(Flights.partition(origin), origin));
        return found.values();
    }

    private static List<String> origins() {
        return flights.stream().map(Flight::origin).distinct().toList();
    }

    /// Flights of the partition that an airport is in.
    private static long inPartition(String origin) {
        return flights.stream()
                .filter(flight -> Flights.partition(flight.origin()) == Flights.partition(origin))
                .count();
    }

    /// The hours that cannot have closed yet: their end and the grace lie after the newest flight of the
    /// partition.
    private static Map<String, String> openHours() {
        long[] newest = new long[Flights.PARTITIONS];
        Map<String, long[]> sums = new TreeMap<>();
        for (Flight flight : flights) {
            long at = flight.at().toEpochMilli();
            int partition = Flights.partition(flight.origin());
            newest[partition] = Math.max(newest[partition], at);
            long[] sum = sums.computeIfAbsent(
                    flight.origin() + " " + Instant.ofEpochMilli(at / HOUR_MILLIS * HOUR_MILLIS), key -> new long[2]);
            sum[0]++;
            sum[1] += flight.delay();
        }
        Map<String, String> open = new TreeMap<>();
        sums.forEach((key, sum) -> {
            String origin = key.substring(0, key.indexOf(' '));
            long hour = Instant.parse(key.substring(key.indexOf(' ') + 1)).toEpochMilli();
            if (hour + HOUR_MILLIS + GRACE_MILLIS > newest[Flights.partition(origin)]) {
                open.put(key, sum[0] + " flights, " + sum[1] + " min");
            }
        });
        return open;
    }

    private static String of(String store, String key) {
        return "/jobs/delays/stores/" + escape(store) + "/" + escape(key);
    }

    private static String escape(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static String cli(String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(List.of("--server", first.http().toString()));
        Cli.Result result = Cli.run(whole.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
        return result.out();
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
}

package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.cli.node.Api;
import io.weir.server.Flights.Flight;
import io.weir.streams.job.failpoint.JobFailpoint;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// A node that dies between any two steps of a promotion, a rollback and a backfill: once it runs again one
/// version is
/// live, readers of committed rows see exactly its results, and each row was corrected once.
@EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
class TakeOverKillsIT {
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Map<String, String> SETTINGS =
            Map.of("kafka.broker.session.timeout.ms", "2000", "kafka.broker.heartbeat.interval.ms", "500");
    private static final String OUTPUT = "delays_by_hour";

    @TempDir
    private Path data;

    private WeirProcess weir;

    @Test
    void afterAHaltAtEachStepTheResultsAreThoseOfTheVersionThatIsLive() throws Exception {
        List<Flight> flights = Flights.read(6_000);
        weir = WeirProcess.start(data, SETTINGS);
        try {
            Flights.createTopics(weir.kafka(), flights);
            Flights.produce(weir.kafka(), flights);
            cli(
                    "job",
                    "deploy",
                    Flights.jar().toString(),
                    "--class",
                    "io.weir.examples.DelaysByHour",
                    "--job",
                    "delays");
            cli(
                    "job",
                    "add",
                    Flights.jar().toString(),
                    "--class",
                    "io.weir.examples.OfficialDelaysByHour",
                    "--job",
                    "delays");
            cli("job", "replay", "delays", "2", "--wait");
            awaitNoLag();
            Map<String, String> first = newest(OUTPUT);
            Map<String, String> second = newest(OUTPUT + ".v2");
            assertThat(second.keySet()).isEqualTo(first.keySet());
            long differing = first.keySet().stream()
                    .filter(key -> !first.get(key).equals(second.get(key)))
                    .count();
            assertThat(differing).isPositive();
            int live = 1;
            for (JobFailpoint point : JobFailpoint.values()) {
                int size = rows(OUTPUT).size();
                boolean backfill = point.name().startsWith("BACKFILL");
                int other = 3 - live;
                restart(point);
                String ask = backfill ? "backfill" : isShadowThere() ? "promote" : "rollback";
                String body = backfill
                        ? "{\"version\":" + other
                                + ",\"from\":\"2000-01-01T00:00:00Z\",\"to\":\"2002-01-01T00:00:00Z\"}"
                        : ask.equals("promote") ? "{\"version\":2,\"gate\":\"none\"}" : "{}";
                String operation = begin(ask, body);
                assertThat(weir.awaitExit()).as(weir.output()).isEqualTo(86);
                restart(null);
                JsonNode ended = awaitEnd(operation);
                System.out.println(
                        point.label() + " " + ask + ": " + ended.path("state").asText() + " "
                                + ended.path("problem").asText() + " " + ended.path("result"));
                boolean done = ended.path("state").asText().equals("DONE");
                assertThat(done || ended.path("problem").asText().startsWith("barrier-timeout"))
                        .as(ended.toString())
                        .isTrue();
                live = done && !backfill ? other : live;
                assertThat(job().path("version").asInt()).isEqualTo(live);
                boolean asFirst = backfill == (live == 2);
                assertThat(newest(OUTPUT)).as(point.label()).isEqualTo(asFirst ? first : second);
                assertThat(rows(OUTPUT).size() - size)
                        .as("each row is corrected once")
                        .isEqualTo(done ? (int) differing : 0);
                if (backfill) {
                    // back to what the live version says
                    awaitEnd(begin("backfill", "{\"from\":\"2000-01-01T00:00:00Z\",\"to\":\"2002-01-01T00:00:00Z\"}"));
                    assertThat(newest(OUTPUT)).isEqualTo(live == 1 ? first : second);
                }
            }
        } finally {
            weir.close();
        }
    }

    private boolean isShadowThere() {
        return job().path("versions").findValuesAsText("state").contains("SHADOW");
    }

    private void restart(JobFailpoint point) throws Exception {
        weir.kill9();
        weir.close();
        weir = WeirProcess.launch(
                data, SETTINGS, List.of(), point == null ? Map.of() : Map.of("WEIR_FAILPOINT", point.label()));
        weir.awaitReady();
        awaitNoLag();
    }

    private void awaitNoLag() {
        await().atMost(PATIENCE).ignoreExceptions().until(() -> {
            for (String version : List.of("1", "2")) {
                JsonNode seen = new Api(weir.http()).get("/jobs/delays/versions/" + version);
                if (seen.path("lag").path("flights").asLong(1) != 0
                        || !seen.path("runtime").path("state").asText("RUNNING").equals("RUNNING")) {
                    return false;
                }
            }
            return true;
        });
    }

    private String begin(String ask, String body) {
        try {
            JsonNode begun = new ObjectMapper()
                    .readTree(weir.post("/jobs/delays/" + ask + "?timeout=0ms", body)
                            .body());
            assertThat(begun.path("operation").path("id").asText())
                    .as(begun.toString())
                    .isNotEmpty();
            return begun.path("operation").path("id").asText();
        } catch (UncheckedIOException | JsonProcessingException e) {
            return ""; // it died before it answered
        }
    }

    private JsonNode awaitEnd(String operation) {
        JsonNode[] seen = new JsonNode[1];
        await().atMost(PATIENCE).until(() -> {
            List<JsonNode> operations = new ArrayList<>();
            job().path("operations").forEach(operations::add);
            seen[0] = operations.stream()
                    .filter(each ->
                            operation.isEmpty() || each.path("id").asText().equals(operation))
                    .reduce((older, newer) -> newer)
                    .orElseThrow();
            return !seen[0].path("state").asText().equals("RUNNING");
        });
        return seen[0];
    }

    private JsonNode job() {
        return new Api(weir.http()).get("/jobs/delays");
    }

    private void cli(String... command) throws Exception {
        List<String> whole = new ArrayList<>(List.of(command));
        whole.addAll(List.of("--server", weir.http().toString()));
        Cli.Result result = Cli.run(whole.toArray(String[]::new));
        assertThat(result.exitCode()).as(result.out() + result.err()).isZero();
    }

    private Map<String, String> newest(String topic) {
        Map<String, String> newest = new TreeMap<>();
        for (ConsumerRecord<String, String> row : rows(topic)) {
            if (row.value() == null) {
                newest.remove(row.key());
            } else {
                newest.put(row.key(), row.value());
            }
        }
        return newest;
    }

    private List<ConsumerRecord<String, String>> rows(String topic) {
        return Flights.rows(weir.kafka(), topic);
    }
}

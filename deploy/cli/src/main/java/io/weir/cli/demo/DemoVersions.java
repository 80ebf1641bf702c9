package io.weir.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.demo.FlightsFile.OriginHour;
import io.weir.cli.demo.FlightsFile.Totals;
import io.weir.cli.node.Api;
import io.weir.cli.node.Waiting;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;
import java.util.Map;

/// The second version of the demo's job, by the official rule: it reads history beside the first one while the demo
/// goes on, is compared with it row by row, and takes over.
final class DemoVersions {
    private static final String PATH = "/jobs/" + DemoRun.JOB;
    private static final int VERSION = 2;

    private final DemoScreen screen;
    private final Api api;
    private final String kafka;
    private final DemoFiles files;
    private final FlightsFile expected;
    private String replay = "";

    DemoVersions(DemoScreen screen, Api api, String kafka, DemoFiles files, FlightsFile expected) {
        this.screen = screen;
        this.api = api;
        this.kafka = kafka;
        this.files = files;
        this.expected = expected;
    }

    /// Plans version 2 and lets it read from the first flight on; does not wait.
    void begin() {
        ObjectNode spec = Api.JSON.createObjectNode().put("class", "io.weir.examples.OfficialDelaysByHour");
        JsonNode added = api.postMultipart(PATH + "/versions", "jar", files.examplesJar(), "spec", spec);
        JsonNode diff = added.path("diff");
        replay = api.post(PATH + "/versions/" + VERSION + "/replay", Api.JSON.createObjectNode())
                .path("operation")
                .path("id")
                .asText();
        screen.check(
                "version 2",
                "late means 15 minutes or more: "
                        + diff.path("reasons").path(0).path("rule").asText() + ", so history is replayed into "
                        + DemoRun.OUTPUT + ".v2; version 1 stays live",
                diff.path("verdict").asText().equals("replay"),
                () -> "its plan: " + diff);
    }

    /// Waits for the replay, compares and promotes.
    void takeOver(long graceMillis) {
        Map<OriginHour, Totals> first = expected.closedHours(graceMillis, DemoRun.partitions());
        Map<OriginHour, Totals> second = expected.closedOfficialHours(graceMillis, DemoRun.partitions());
        replayed(second);
        long changed = compared(first, second);
        promoted(second, changed);
    }

    private void replayed(Map<OriginHour, Totals> closed) {
        JsonNode ended = awaitReplay();
        JobOutput output = JobOutput.read(
                kafka, DemoRun.OUTPUT + ".v2", closed.size(), DemoRun.PATIENCE, screen.bar("v2", closed.size()));
        screen.check(
                "replay v2",
                String.format(
                        Locale.ROOT,
                        "from the first flight, beside all of the above, in %.1f s · %,d finals, equal to the file's",
                        seconds(ended),
                        output.hours().size()),
                ended.path("state").asText().equals("DONE") && output.hours().equals(closed) && output.repeated() == 0,
                () -> ended.path("problem").asText() + DemoRun.difference("version 2", output.hours(), closed));
    }

    private JsonNode awaitReplay() {
        JsonNode[] seen = {MissingNode.getInstance()};
        Waiting.until("replay " + replay, DemoRun.PATIENCE, Duration.ofMillis(100), () -> {
            JsonNode operation = api.get(PATH + "/operations/" + replay);
            seen[0] = operation;
            screen.progress(
                    "replay v2",
                    operation.path("done").asLong(),
                    operation.path("total").asLong(),
                    operation.path("recordsPerSecond").asDouble());
            return !operation.path("state").asText().equals("RUNNING");
        });
        return seen[0];
    }

    private static double seconds(JsonNode operation) {
        Instant started = Instant.parse(operation.path("started").asText());
        Instant ended = Instant.parse(operation.path("ended").asText(started.toString()));
        return Duration.between(started, ended).toMillis() / 1000.0;
    }

    /// The operation in an answer, whether it has ended or only begun.
    private static JsonNode operation(JsonNode answer) {
        return answer.has("operation") ? answer.path("operation") : answer;
    }

    /// @return how many rows differ
    private long compared(Map<OriginHour, Totals> first, Map<OriginHour, Totals> second) {
        double compareBegan = screen.seconds();
        long differing = first.entrySet().stream()
                .filter(hour -> !hour.getValue().equals(second.get(hour.getKey())))
                .count();
        // any hour may differ, but nothing may be missing and nothing may come in addition: checked below
        ObjectNode request = Api.JSON.createObjectNode().put("expect", "flights >= 1");
        JsonNode operation = operation(api.post(PATH + "/compare?timeout=100s", request));
        JsonNode output = operation.path("result").path("outputs").path(0);
        long changed = output.path("changed").asLong();
        double seconds = screen.seconds() - compareBegan;
        Map<OriginHour, Totals> sql = DemoSql.hours(api, "CASE WHEN delay >= 15 THEN delay ELSE 0 END");
        sql.keySet().retainAll(second.keySet());
        screen.check(
                "compare",
                String.format(
                        Locale.ROOT,
                        "%,d of %,d rows differ, those in which the two rules do, in %.1f s · SQL over Parquet agrees with version 2",
                        changed,
                        changed + output.path("equal").asLong(),
                        seconds),
                changed == differing
                        && changed + output.path("equal").asLong() == second.size()
                        && output.path("missing").asLong() == 0
                        && output.path("extra").asLong() == 0
                        && sql.equals(second),
                () -> differing + " rows should differ: " + operation + "; " + DemoRun.difference("SQL", sql, second));
        return changed;
    }

    private void promoted(Map<OriginHour, Totals> second, long changed) {
        JsonNode operation = operation(api.post(
                PATH + "/promote?timeout=100s", Api.JSON.createObjectNode().put("version", VERSION)));
        JsonNode result = operation.path("result");
        int live = api.get(PATH).path("live").asInt();
        JobOutput output =
                JobOutput.newest(kafka, DemoRun.OUTPUT, DemoRun.PATIENCE, screen.bar("promoted", second.size()));
        screen.check(
                "promote",
                String.format(
                        Locale.ROOT,
                        "version %d is live: %,d rows of %s corrected in one transaction, outputs paused %.1f s · version 1 stays warm",
                        live,
                        result.path("corrections").asLong(),
                        DemoRun.OUTPUT,
                        result.path("pauseMillis").asLong() / 1000.0),
                live == VERSION
                        && result.path("corrections").asLong() == changed
                        && output.hours().equals(second)
                        && output.repeated() == changed,
                () -> operation + "; " + DemoRun.difference("the topic", output.hours(), second));
    }
}

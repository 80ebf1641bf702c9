package io.weir.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.demo.FlightsFile.OriginHour;
import io.weir.cli.demo.FlightsFile.Totals;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.cli.node.TierNow;
import io.weir.cli.node.Waiting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/// The steps of the demo, in order, over the node's public doors: REST and the Kafka protocol.
///
/// Each step prints one line and says whether its check held; the screen counts those that did not.
final class DemoRun {
    private static final int PARTITIONS = 4;
    static final String JOB = "delays-by-hour";
    static final String OUTPUT = "delays_by_hour";
    static final Duration PATIENCE = Duration.ofSeconds(90);

    private final DemoScreen screen;
    private final Api api;
    private final String kafka;
    private final DemoFiles files;
    private final FlightsFile expected;

    DemoRun(DemoScreen screen, Api api, String kafka, DemoFiles files, FlightsFile expected) {
        this.screen = screen;
        this.api = api;
        this.kafka = kafka;
        this.files = files;
        this.expected = expected;
    }

    static int partitions() {
        return PARTITIONS;
    }

    void run() {
        TopicPass hot = load();
        JobOutput output = job();
        DemoVersions versions = new DemoVersions(screen, api, kafka, files, expected);
        versions.begin();
        tier();
        proof(hot);
        sql(output);
        csv(output);
        versions.takeOver(graceMillis());
    }

    private TopicPass load() {
        double began = screen.seconds();
        Waiting.until("the Connect worker", PATIENCE, Duration.ofMillis(100), this::connectAnswers);
        createTopic("airports", Map.of("cleanup.policy", "compact"));
        createTopic("flights", Map.of("retention.ms", "-1", "segment.bytes", Integer.toString(16 << 20)));
        createConnector("airports-source.json");
        TopicPass airports = TopicPass.read(kafka, "airports", files.airportCount(), PATIENCE, n -> {});
        createConnector("flights-source.json");
        TopicPass flights =
                TopicPass.read(kafka, "flights", expected.records(), PATIENCE, screen.bar("load", expected.records()));
        double seconds = screen.seconds() - began;
        screen.step(
                "load",
                String.format(
                        Locale.ROOT,
                        "%,d flights of 2001 and %,d airports by two file connectors · %,.0f k flights/s",
                        flights.records(),
                        airports.records(),
                        flights.records() / seconds / 1000));
        return flights;
    }

    private JobOutput job() {
        double began = screen.seconds();
        ObjectNode spec = Api.JSON.createObjectNode().put("job", JOB).put("class", "io.weir.examples.DelaysByHour");
        api.postMultipart("/jobs?wait=RUNNING&timeout=60s", "jar", files.examplesJar(), "spec", spec);
        Map<OriginHour, Totals> closed = expected.closedHours(graceMillis(), PARTITIONS);
        createConnector("delays-sink.json");
        JobOutput output = JobOutput.read(kafka, OUTPUT, closed.size(), PATIENCE, screen.bar("job", closed.size()));
        double seconds = screen.seconds() - began;
        boolean equal = output.hours().equals(closed) && output.repeated() == 0;
        screen.check(
                "job",
                String.format(
                        Locale.ROOT,
                        "%,d finals by origin and hour, equal to the file's · %d unjoined · %,.0f k flights/s",
                        output.hours().size(),
                        output.withoutState(),
                        expected.records() / seconds / 1000),
                equal && output.withoutState() == 0,
                () -> difference("job", output.hours(), closed)
                        + (output.repeated() == 0 ? "" : ", " + output.repeated() + " rows came twice"));
        return output;
    }

    private void tier() {
        JsonNode done = TierNow.run(api, "flights", Duration.ofMinutes(2));
        JsonNode archive = api.get("/archive/flights");
        long original = archive.path("originalBytes").asLong();
        long stored = archive.path("storedBytes").asLong();
        long records = archive.path("records").asLong();
        screen.check(
                "tiered",
                String.format(
                        Locale.ROOT,
                        "%d segments to Parquet · %s → %s (%.1f×) · local copies deleted · one copy",
                        archive.path("segments").size(),
                        DemoScreen.megabytes(original),
                        DemoScreen.megabytes(stored),
                        stored == 0 ? 0.0 : (double) original / stored),
                records == expected.records(),
                () -> "the archive holds " + records + " records: " + done.path("partitions"));
    }

    private void proof(TopicPass hot) {
        double began = screen.seconds();
        TopicPass cold =
                TopicPass.read(kafka, "flights", expected.records(), PATIENCE, screen.bar("proof", expected.records()));
        double rate = cold.records() / (screen.seconds() - began) / 1000;
        Map<Integer, String> contents = new HashMap<>();
        cold.partitions().forEach((partition, digest) -> {
            if (digest.records() > 0) {
                contents.put(partition, digest.content());
            }
        });
        boolean asShipped = contents.equals(expected.contentDigests());
        boolean asHot = cold.partitions().equals(hot.partitions());
        screen.check(
                "proof",
                String.format(
                        Locale.ROOT,
                        "plain Kafka consumer re-read every offset from Parquet: sha256 %s… = %s… · %,.0f k records/s",
                        cold.fingerprint(),
                        hot.fingerprint(),
                        rate),
                asShipped && asHot,
                () -> asShipped
                        ? "offsets or headers differ from the hot log's"
                        : "keys, values or timestamps differ from the shipped file's");
    }

    private void sql(JobOutput output) {
        double began = screen.seconds();
        JsonNode totals = DemoSql.query(api, "SELECT count(*) AS flights, sum(delay) AS delay FROM flights", 10)
                .path("rows")
                .path(0);
        boolean known =
                totals.path(0).asLong() == expected.records() && totals.path(1).asLong() == expected.delayMinutes();
        screen.check(
                "sql",
                String.format(
                        Locale.ROOT,
                        "%,d flights, %,d minutes of delay over hot and cold · %.1f s",
                        totals.path(0).asLong(),
                        totals.path(1).asLong(),
                        screen.seconds() - began),
                known,
                () -> "known are " + expected.records() + " flights and " + expected.delayMinutes() + " minutes");
        Map<OriginHour, Totals> hours = DemoSql.hours(api, "delay");
        Map<OriginHour, Totals> closed = new HashMap<>(hours);
        closed.keySet().retainAll(output.hours().keySet());
        int open = hours.size() - closed.size();
        screen.check(
                "sql = job",
                String.format(
                        Locale.ROOT,
                        "%,d closed windows agree, %,d still open, together all %,d groups",
                        closed.size(),
                        open,
                        hours.size()),
                closed.equals(output.hours()) && hours.equals(expected.hours()),
                () -> difference("SQL", closed, output.hours()) + "; " + difference("SQL", hours, expected.hours()));
    }

    private void csv(JobOutput output) {
        try {
            Waiting.until(
                    "the CSV rows of the file sink",
                    Duration.ofSeconds(30),
                    Duration.ofMillis(250),
                    () -> CsvOutput.read(files.out()).rows() >= output.hours().size());
        } catch (CliFailure e) {
            screen.plain("        " + e.getMessage());
        }
        CsvOutput csv = CsvOutput.read(files.out());
        screen.check(
                "csv",
                String.format(
                        Locale.ROOT,
                        "%,d rows in %d files by the file sink, in %s",
                        csv.rows(),
                        csv.files(),
                        shown(files.out())),
                csv.hours().equals(output.hours())
                        && csv.rows() == output.hours().size(),
                () -> difference("CSV", csv.hours(), output.hours()));
    }

    /// As the person would write it.
    private static Path shown(Path path) {
        Path here = Path.of("").toAbsolutePath();
        return path.startsWith(here) ? here.relativize(path) : path;
    }

    private long graceMillis() {
        for (JsonNode stage : api.get("/jobs/" + JOB).findValue("stages")) {
            if (stage.path("kind").asText().equals("windowFold")) {
                return stage.path("grace").asLong();
            }
        }
        throw new CliFailure(CliFailure.CHECK, "Job '" + JOB + "': its plan shows no window.");
    }

    private boolean connectAnswers() {
        try {
            return api.get("/health").path("status").asText().equals("healthy");
        } catch (CliFailure e) {
            return false;
        }
    }

    private void createTopic(String topic, Map<String, String> configs) {
        ObjectNode body = Api.JSON.createObjectNode().put("topic_name", topic).put("partitions_count", PARTITIONS);
        ArrayNode list = body.putArray("configs");
        configs.forEach((name, value) -> list.addObject().put("name", name).put("value", value));
        api.post(api.clusterPath() + "/topics", body);
    }

    private void createConnector(String file) {
        try {
            String text = Files.readString(files.connectors().resolve(file))
                    .replace("${examples}/data/flights-2001.ndjson.gz", json(files.flights()))
                    .replace("${examples}", json(files.examples()))
                    .replace("${out}", json(files.out()));
            api.post("/connectors", Api.JSON.readTree(text));
        } catch (IOException e) {
            throw new CliFailure(CliFailure.INTERNAL, "File '" + file + "': " + e.getMessage(), e);
        }
    }

    private static String json(Path path) {
        return path.toString().replace("\\", "\\\\");
    }

    static String difference(String name, Map<OriginHour, Totals> got, Map<OriginHour, Totals> wanted) {
        for (Map.Entry<OriginHour, Totals> entry : wanted.entrySet()) {
            if (!entry.getValue().equals(got.get(entry.getKey()))) {
                return name + " has " + got.size() + " rows of " + wanted.size() + "; first difference at "
                        + entry.getKey() + ": wanted " + entry.getValue() + ", got " + got.get(entry.getKey());
            }
        }
        return name + " has " + got.size() + " rows, wanted " + wanted.size();
    }
}

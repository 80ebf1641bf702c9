package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.demo.DemoFiles;
import io.weir.cli.demo.FlightsFile;
import io.weir.cli.demo.FlightsFile.OriginHour;
import io.weir.cli.demo.FlightsFile.Totals;
import io.weir.cli.demo.JobOutput;
import io.weir.cli.demo.TopicPass;
import io.weir.cli.node.Api;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// `kill -9` while the node loads, processes and tiers; after each restart on the same folder everything
/// resumes, and
/// in the
/// end nothing is lost, doubled or changed.
class KillAtAnyStepIT {
    private static final Path HOME = Path.of("../..").toAbsolutePath().normalize();
    private static final int PARTITIONS = 4;
    private static final long RECORDS = 60_000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path folder;

    private WeirProcess node;
    private Api api;
    private Map<String, String> settings;

    @Test
    void afterKillNineAtEveryStepNothingIsLostDoubledOrChanged() throws Exception {
        long seed = Long.getLong("weir.seed", System.nanoTime());
        System.out.println("seed " + seed + " (repeat with -Dweir.seed=" + seed + ")");
        Random random = new Random(seed);
        DemoFiles files = DemoFiles.prepare(HOME, folder.resolve("node"), RECORDS);
        FlightsFile expected = FlightsFile.read(files.flights(), PARTITIONS);
        settings = Map.of(
                "weir.connect.files.allowed", files.allowed(),
                "kafka.log.retention.check.interval.ms", "1000",
                "kafka.log.initial.task.delay.ms", "1000",
                "kafka.remote.log.manager.task.interval.ms", "1000");
        start(files);
        try {
            createTopic("airports", "cleanup.policy", "compact");
            createTopic("flights", "segment.bytes", Integer.toString(1 << 20));
            createConnector(files, "airports-source.json");
            createConnector(files, "flights-source.json");
            killAfter(random.nextInt(2500), files);
            TopicPass hot = read("flights");
            assertThat(contents(hot)).as("what the file source wrote").isEqualTo(expected.contentDigests());

            ObjectNode spec = Api.JSON
                    .createObjectNode()
                    .put("job", "delays-by-hour")
                    .put("class", "io.weir.examples.DelaysByHour");
            api.postMultipart("/jobs?wait=RUNNING&timeout=60s", "jar", files.examplesJar(), "spec", spec);
            long graceMillis = grace(api.get("/jobs/delays-by-hour"));
            killAfter(random.nextInt(2500), files);
            Map<OriginHour, Totals> closed = expected.closedHours(graceMillis, PARTITIONS);
            JobOutput output = JobOutput.read(node.kafka(), "delays_by_hour", closed.size(), PATIENCE, n -> {});
            assertThat(output.hours()).as("finals of the job").isEqualTo(closed);
            assertThat(output.repeated()).as("finals that came twice").isZero();

            api.post("/archive/flights/tier", null);
            killAfter(random.nextInt(2000), files);
            Awaitility.await("the archive to hold everything")
                    .atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(() -> assertThat(api.get("/archive/flights/tier")
                                    .path("state")
                                    .asText())
                            .isEqualTo("DONE"));
            assertThat(read("flights").partitions()).as("cold read").isEqualTo(hot.partitions());
            assertThat(sqlHours()).as("SQL over the archive").isEqualTo(expected.hours());
        } finally {
            node.stop();
        }
    }

    private void start(DemoFiles files) throws Exception {
        node = WeirProcess.start(files.data(), settings);
        api = new Api(node.http());
    }

    /// Waits some milliseconds of the step's own time, kills, and starts again on the same folder and ports.
    private void killAfter(int millis, DemoFiles files) throws Exception {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        node.kill9();
        start(files);
    }

    private TopicPass read(String topic) {
        return TopicPass.read(node.kafka(), topic, RECORDS, PATIENCE, n -> {});
    }

    private static Map<Integer, String> contents(TopicPass pass) {
        Map<Integer, String> contents = new HashMap<>();
        pass.partitions().forEach((number, partition) -> {
            if (partition.records() > 0) {
                contents.put(number, partition.content());
            }
        });
        return contents;
    }

    private Map<OriginHour, Totals> sqlHours() {
        JsonNode answer = api.post(
                "/sql",
                Api.JSON
                        .createObjectNode()
                        .put(
                                "sql",
                                "SELECT origin, epoch_ms(date_trunc('hour', date)), count(*), sum(delay) FROM flights GROUP BY ALL")
                        .put("maxRows", 1_000_000));
        Map<OriginHour, Totals> hours = new HashMap<>();
        for (JsonNode row : answer.path("rows")) {
            hours.put(
                    new OriginHour(row.path(0).asText(), row.path(1).asLong()),
                    new Totals(row.path(2).asLong(), row.path(3).asLong()));
        }
        return hours;
    }

    private void createTopic(String topic, String config, String value) {
        ObjectNode body = Api.JSON.createObjectNode().put("topic_name", topic).put("partitions_count", PARTITIONS);
        body.putArray("configs").addObject().put("name", config).put("value", value);
        String cluster =
                api.get("/v3/clusters").path("data").path(0).path("cluster_id").asText();
        api.post("/v3/clusters/" + cluster + "/topics", body);
    }

    private void createConnector(DemoFiles files, String file) throws Exception {
        String text = Files.readString(files.connectors().resolve(file))
                .replace(
                        "${examples}/data/flights-2001.ndjson.gz",
                        files.flights().toString())
                .replace("${examples}", files.examples().toString());
        api.post("/connectors", Api.JSON.readTree(text));
    }

    private static long grace(JsonNode job) {
        for (JsonNode stage : job.findValue("stages")) {
            if (stage.path("kind").asText().equals("windowFold")) {
                return stage.path("grace").asLong();
            }
        }
        throw new AssertionError("no window in " + job);
    }
}

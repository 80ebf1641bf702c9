package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.examples.DelaysByOrigin;
import io.weir.examples.DelaysByOrigin.Delays;
import io.weir.examples.lambda.ServedDelays;
import io.weir.examples.lambda.SpeedDelays;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What the tutorial shows and needs a node for.
class TutorialIT {
    private static final Path EXAMPLES = Path.of("..", "examples");
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final int FLIGHTS = 10_000;
    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private static Path folder;

    private static WeirProcess node;
    private static Api api;

    @BeforeAll
    static void startNode() {
        node = WeirProcess.start(folder.resolve("data"), Map.of());
        api = new Api(node.http());
    }

    @AfterAll
    static void stopNode() {
        node.close();
    }

    @Test
    void oneQuestionHasOneAnswerTheLambdaWayAndAsOneJob() throws Exception {
        List<Flights.Flight> flights = Flights.read(FLIGHTS);
        Flights.createTopics(node.kafka(), flights);
        Flights.produce(node.kafka(), flights);

        deploy("speed", SpeedDelays.class);
        Map<String, Delays> batch = batch();
        deploy("delays-by-origin", DelaysByOrigin.class);
        awaitNoLag("speed");
        awaitNoLag("delays-by-origin");

        Map<String, Delays> lambda = ServedDelays.merge(batch, newest("delays_by_origin_speed"));
        Map<String, Delays> one = newest("delays_by_origin");
        Map<String, Delays> expected = new TreeMap<>();
        flights.forEach(flight -> expected.merge(
                flight.origin(),
                new Delays(1, flight.delay()),
                (a, b) -> new Delays(a.flights() + b.flights(), a.delayMinutes() + b.delayMinutes())));
        assertThat(batch.values().stream().mapToLong(Delays::flights).sum()).isBetween(1L, FLIGHTS - 1L);
        assertThat(one).isEqualTo(expected);
        assertThat(lambda).isEqualTo(one);
    }

    @Test
    void aCopiedProjectBuildsAloneAndItsJobRuns() throws Exception {
        UserProject project = UserProject.copy(EXAMPLES.resolve("job-project"), folder);

        String built = project.build();

        Path jar = project.file("target/revenue-job-1.0-SNAPSHOT.jar");
        assertThat(built).contains("Tests run: 1, Failures: 0");
        try (ZipFile entries = new ZipFile(jar.toFile())) {
            assertThat(entries.stream().map(ZipEntry::getName).filter(name -> name.endsWith(".class")))
                    .as("the job and nothing of Kafka's or Weir's")
                    .allMatch(name -> name.startsWith("com/example/revenue/"));
        }
        String server = node.http().toString();
        Cli.run("topic", "create", "orders", "--partitions", "2", "--server", server);
        Cli.Result deployed = Cli.run("job", "deploy", jar.toString(), "--server", server);
        assertThat(deployed.out()).as(deployed.err()).contains("Deployed job 'revenue-per-shop' version 1");
        String orders = """
                {"id":"1","shop":"corner","amount":12.50,"at":"2026-01-01T00:00:05Z"}
                {"id":"2","shop":"corner","amount":7.50,"at":"2026-01-01T00:00:55Z"}
                {"id":"3","shop":"corner","amount":1.00,"at":"2026-01-01T00:05:00Z"}
                """;
        Cli.runWithInput(orders, 60, "produce", "orders", "--server", server);
        Cli.Result revenue =
                Cli.run("tail", "revenue", "--from-offset", "earliest", "--limit", "1", "--json", "--server", server);
        assertThat(revenue.out()).contains("\"key\":\"corner\"").contains("\"orders\":2,\"total\":20.0");
    }

    private static void deploy(String job, Class<?> type) throws IOException {
        ObjectNode spec = JSON.createObjectNode().put("job", job).put("class", type.getName());
        api.postMultipart("/jobs?wait=RUNNING&timeout=60s", "jar", Flights.jar(), "spec", spec);
    }

    private static void awaitNoLag(String job) {
        await().atMost(PATIENCE).until(() -> {
            JsonNode lag = api.get("/jobs/" + job).path("lag");
            return lag.has("flights") && lag.path("flights").asLong() == 0;
        });
    }

    private static Map<String, Delays> batch() throws IOException {
        String sql = Files.readString(EXAMPLES.resolve("lambda/batch.sql"));
        JsonNode answer =
                api.post("/sql", JSON.createObjectNode().put("sql", sql).put("maxRows", 10_000));
        Map<String, Delays> rows = new TreeMap<>();
        answer.path("rows")
                .forEach(row -> rows.put(
                        row.path(0).asText(),
                        new Delays(row.path(1).asLong(), row.path(2).asLong())));
        return rows;
    }

    /// The newest committed row of each key.
    private static Map<String, Delays> newest(String topic) throws IOException {
        Map<String, Delays> rows = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer = BankView.consumer(node.kafka())) {
            List<TopicPartition> partitions = consumer.partitionsFor(topic).stream()
                    .map(info -> new TopicPartition(topic, info.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            while (ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                for (ConsumerRecord<String, String> row : consumer.poll(Duration.ofMillis(200))) {
                    rows.put(row.key(), JSON.readValue(row.value(), Delays.class));
                }
            }
        }
        return rows;
    }
}

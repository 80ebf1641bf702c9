package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Connect's REST API on the packaged node, as a client on the network sees it.
class ConnectRestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);

    /// Shorter waits than a user's node has: for commits, and for members of groups that were killed.
    private static final Map<String, String> QUICK = Map.of(
            "weir.connect.worker.offset.flush.interval.ms", "1000",
            "weir.connect.worker.producer.transaction.timeout.ms", "5000",
            "weir.connect.worker.session.timeout.ms", "3000",
            "weir.connect.worker.heartbeat.interval.ms", "1000",
            "weir.connect.worker.consumer.session.timeout.ms", "3000",
            "weir.connect.worker.consumer.heartbeat.interval.ms", "1000",
            "kafka.group.min.session.timeout.ms", "1000",
            "kafka.transaction.abort.timed.out.transaction.cleanup.interval.ms", "1000");

    @TempDir
    static Path folder;

    private static WeirProcess weir;
    private static Path files;

    @BeforeAll
    static void startNode() throws IOException {
        files = Files.createDirectories(folder.resolve("data/files"));
        weir = WeirProcess.start(folder.resolve("data"), QUICK);
        awaitWorker();
    }

    @AfterAll
    static void stopNode() {
        weir.close();
    }

    private static void awaitWorker() {
        await().atMost(PATIENCE).until(() -> weir.get("/health").statusCode() == 200);
    }

    @Test
    void theRootAndHealthTellWhatConnectTells() {
        HttpResponse<String> root = weir.get("/");

        assertThat(root.headers().firstValue("Content-Type")).contains("application/json");
        assertThat(root.body())
                .matches("\\{\"version\":\"4\\.3\\.1\",\"commit\":\"[0-9a-f]+\",\"kafka_cluster_id\":\""
                        + weir.endpoints().get("clusterId").asText() + "\"}");
        assertThat(weir.get("/health").body())
                .isEqualTo("{\"status\":\"healthy\",\"message\":\"Worker has completed startup and is ready to handle"
                        + " requests.\"}");
        assertThat(weir.get("/connector-plugins").body())
                .contains("{\"class\":\"io.weir.connect.library.file.FileSource\",\"type\":\"source\",\"version\":")
                .contains("{\"class\":\"io.weir.connect.library.file.FileSink\",\"type\":\"sink\",\"version\":");
        assertThat(weir.get("/connector-plugins?connectorsOnly=false").body())
                .contains("org.apache.kafka.connect.transforms.InsertField$Value");
    }

    @Test
    void aConnectorWithASlashInItsNameLivesItsWholeLifeOverRest() throws IOException {
        Path file = numbers("life.ndjson", 0, 10);
        String address = "/connectors/a%2Fb";

        HttpResponse<String> created = post("/connectors", body("a/b", source(file, "life")));
        assertThat(created.statusCode()).as(created.body()).isEqualTo(201);
        assertThat(created.headers().firstValue("Location")).contains(address);
        assertThat(created.body())
                .startsWith("{\"name\":\"a/b\",\"config\":{\"connector.class\":\"FileSource\"")
                .endsWith("\"name\":\"a/b\"},\"tasks\":[],\"type\":\"source\"}");
        assertThat(post("/connectors", body("a/b", source(file, "life"))).statusCode())
                .isEqualTo(409);
        awaitState("a%2Fb", "RUNNING", 1);
        assertThat(weir.get(address + "/status").body())
                .matches("\\{\"name\":\"a/b\",\"connector\":\\{\"state\":\"RUNNING\",\"worker_id\":\"127.0.0.1:\\d+\","
                        + "\"version\":\"[^\"]+\"},\"tasks\":\\[\\{\"id\":0,\"state\":\"RUNNING\",\"worker_id\":"
                        + "\"127.0.0.1:\\d+\",\"version\":\"[^\"]+\"}],\"type\":\"source\"}");
        assertThat(weir.get("/connectors?expand=info&expand=status&expand=other")
                        .body())
                .contains("\"a/b\":{\"info\":{\"name\":\"a/b\",\"config\":{", "\"status\":{\"name\":\"a/b\"");
        assertThat(weir.get(address + "/tasks").body())
                .startsWith("[{\"id\":{\"connector\":\"a/b\",\"task\":0},\"config\":{");
        assertThat(weir.get(address + "/tasks/0/status").body()).startsWith("{\"id\":0,\"state\":\"RUNNING\"");
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(weir.get(address + "/topics").body())
                        .isEqualTo("{\"a/b\":{\"topics\":[\"life\"]}}"));

        assertThat(call("PUT", address + "/pause", null).statusCode()).isEqualTo(202);
        awaitState("a%2Fb", "PAUSED", 1);
        assertThat(call("PUT", address + "/resume", null).statusCode()).isEqualTo(202);
        awaitState("a%2Fb", "RUNNING", 1);
        assertThat(call("POST", address + "/restart", null).statusCode()).isEqualTo(204);
        assertThat(call("POST", address + "/restart?includeTasks=true", null).statusCode())
                .isEqualTo(202);
        awaitState("a%2Fb", "RUNNING", 1);
        assertThat(call("POST", address + "/tasks/0/restart", null).statusCode())
                .isEqualTo(204);
        awaitState("a%2Fb", "RUNNING", 1);
        HttpResponse<String> patched = call("PATCH", address + "/config", "{\"batch.records\":500}");
        assertThat(patched.statusCode()).as(patched.body()).isEqualTo(200);
        assertThat(patched.body()).contains("\"batch.records\":\"500\"");
        assertThat(call("PUT", "/connectors/made-by-put/config", config(source(file, "life")))
                        .statusCode())
                .isEqualTo(201);
        assertThat(call("PUT", "/connectors/made-by-put/config", config(source(file, "life")))
                        .statusCode())
                .isEqualTo(200);
        assertThat(call("DELETE", "/connectors/made-by-put", null).statusCode()).isEqualTo(204);
        assertThat(call("PUT", address + "/stop", null).statusCode()).isEqualTo(204);
        awaitState("a%2Fb", "STOPPED", 0);
        assertThat(call("DELETE", address, null).statusCode()).isEqualTo(204);
        assertThat(weir.get(address).body()).isEqualTo("{\"error_code\":404,\"message\":\"Connector a/b not found\"}");
    }

    @Test
    void sourceAndSinkOffsetsCanBeReadAlteredAndReset() throws IOException {
        Path file = numbers("offsets.ndjson", 0, 10);
        assertThat(post("/connectors", body("offsets-in", source(file, "offsets")))
                        .statusCode())
                .isEqualTo(201);
        assertThat(post("/connectors", body("offsets-out", sink("offsets", "offsets-out")))
                        .statusCode())
                .isEqualTo(201);
        await().atMost(PATIENCE)
                .untilAsserted(
                        () -> assertThat(weir.get("/connectors/offsets-in/offsets")
                                        .body())
                                .matches(
                                        "\\{\"offsets\":\\[\\{\"partition\":\\{\"file\":\".*offsets.ndjson\"},\"offset\":\\{.*\"line\":10.*"));
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(json("/connectors/offsets-out/offsets")
                                .at("/offsets/0/offset/kafka_offset")
                                .asLong())
                        .isGreaterThanOrEqualTo(10));

        assertThat(call("DELETE", "/connectors/offsets-out/offsets", null).statusCode())
                .as("only while stopped")
                .isEqualTo(400);
        for (String connector : List.of("offsets-in", "offsets-out")) {
            assertThat(call("PUT", "/connectors/" + connector + "/stop", null).statusCode())
                    .isEqualTo(204);
            awaitState(connector, "STOPPED", 0);
        }
        HttpResponse<String> altered = call(
                "PATCH",
                "/connectors/offsets-out/offsets",
                "{\"offsets\":[{\"partition\":{\"kafka_topic\":\"offsets\",\"kafka_partition\":0},"
                        + "\"offset\":{\"kafka_offset\":4}}]}");
        assertThat(altered.body()).startsWith("{\"message\":");
        assertThat(altered.statusCode()).isEqualTo(200);
        assertThat(json("/connectors/offsets-out/offsets")
                        .at("/offsets/0/offset/kafka_offset")
                        .asLong())
                .isEqualTo(4);
        for (String connector : List.of("offsets-in", "offsets-out")) {
            HttpResponse<String> reset = call("DELETE", "/connectors/" + connector + "/offsets", null);
            assertThat(reset.statusCode()).as(reset.body()).isEqualTo(200);
            assertThat(weir.get("/connectors/" + connector + "/offsets").body()).isEqualTo("{\"offsets\":[]}");
            assertThat(call("DELETE", "/connectors/" + connector, null).statusCode())
                    .isEqualTo(204);
        }
    }

    @Test
    void badRequestsGetOneClearAnswerInConnectsForm() {
        assertThat(post("/connectors", body("bad", Map.of("connector.class", "FileSorce")))
                        .body())
                .startsWith("{\"error_code\":400,\"message\":\"Connector plugin 'FileSorce': is not installed on this"
                        + " worker. Did you mean 'FileSource'?");
        assertThat(post("/connectors", body("bad", Map.of("topic", "t"))).body())
                .contains("\"error_code\":400", "'connector.class' must name a connector plugin");
        assertThat(post("/connectors", body("bad", source(Path.of("/etc/passwd"), "t")))
                        .body())
                .contains("\"error_code\":400", "'/etc/passwd': must lead into an allowed folder");
        assertThat(post("/connectors", "{\"name\":").body()).startsWith("{\"error_code\":400,");
        assertThat(weir.get("/connector-plugins/FileSorce/config").body())
                .startsWith("{\"error_code\":404,\"message\":\"Unknown plugin FileSorce. Did you mean 'FileSource'?");
        assertThat(call("PUT", "/connector-plugins/FileSource/config/validate", "{\"connector.class\":\"FileSink\"}")
                        .statusCode())
                .isEqualTo(400);
        JsonNode validated = parse(call(
                        "PUT",
                        "/connector-plugins/FileSource/config/validate",
                        "{\"name\":\"x\",\"connector.class\":\"FileSource\"}")
                .body());
        assertThat(validated.get("error_count").asInt()).isPositive();
        HttpResponse<String> form = weir.send(HttpRequest.newBuilder(weir.http().resolve("/connectors"))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("{}"))
                .build());
        assertThat(form.statusCode()).isEqualTo(415);
        assertThat(form.body()).startsWith("{\"error_code\":415,");
        assertThat(call("PUT", "/connectors/x/fence", null).statusCode())
                .as("unsigned")
                .isEqualTo(400);
        assertThat(call("POST", "/connectors/x/tasks", "[]").statusCode())
                .as("unsigned")
                .isEqualTo(400);
        assertThat(weir.get("/connectors", "Origin", "http://evil.example").statusCode())
                .isEqualTo(403);
        assertThat(weir.get("/connectors").body()).doesNotContain("bad");
    }

    @Test
    void aFailedConnectorShowsInItsGroupAndLeavesTheNodeReady() throws IOException {
        Path file = Files.writeString(files.resolve("broken.ndjson"), "{\"n\":1}\nno json\n");
        assertThat(post("/connectors", body("broken", source(file, "broken"))).statusCode())
                .isEqualTo(201);

        await().atMost(PATIENCE).untilAsserted(() -> {
            HttpResponse<String> group = weir.get("/q/health/group/connect");
            assertThat(group.statusCode()).isEqualTo(503);
            assertThat(group.body()).contains("broken", "1 of 1 tasks failed");
        });
        assertThat(weir.get("/q/metrics").body())
                .contains("weir_connect_connectors_failed 1.0", "weir_connect_worker_up 1.0");
        assertThat(weir.get("/connectors/broken/status").body()).contains("\"trace\":", "broken.ndjson");
        assertThat(weir.get("/q/health/ready").statusCode()).isEqualTo(200);
        assertThat(weir.get("/q/health/live").statusCode()).isEqualTo(200);
        assertThat(call("DELETE", "/connectors/broken", null).statusCode()).isEqualTo(204);
    }

    @Test
    void connectorsGoOnAfterKillAndAfterStopWithoutLossOrRepetition() throws IOException {
        int lines = 40_000;
        Path file = numbers("kill.ndjson", 0, lines);
        Map<String, Object> source = new java.util.HashMap<>(source(file, "kill"));
        source.put("batch.records", 500);
        source.put("exactly.once.support", "required");
        assertThat(post("/connectors", body("kill-in", source)).statusCode()).isEqualTo(201);
        assertThat(post("/connectors", body("kill-out", sink("kill", "kill-out")))
                        .statusCode())
                .isEqualTo(201);
        await().atMost(PATIENCE).until(() -> position("kill-in") > 1_000);
        // What the kill leaves open holds the next start up for this long.
        assertThat(transactionTimeoutMillis("__weir_connect-kill-in-0")).isEqualTo(5_000);

        weir.kill9();
        weir = WeirProcess.start(folder.resolve("data"), QUICK);
        awaitWorker();
        await().atMost(PATIENCE).until(() -> position("kill-in") > 0);
        assertThat(weir.stop()).isEqualTo(143);
        // groups whose killed members are still waited for hold no stop up
        assertThat(weir.output()).doesNotContain("did not end in time");
        weir = WeirProcess.start(folder.resolve("data"), QUICK);
        awaitWorker();
        await().atMost(PATIENCE).until(() -> position("kill-in") == lines);

        List<String> expected = Files.readAllLines(file);
        assertThat(committed("kill", lines)).isEqualTo(expected);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(written("kill-out")).isEqualTo(expected));
        assertThat(call("DELETE", "/connectors/kill-in", null).statusCode()).isEqualTo(204);
        assertThat(call("DELETE", "/connectors/kill-out", null).statusCode()).isEqualTo(204);
    }

    private static long transactionTimeoutMillis(String transactionalId) {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", weir.kafka()))) {
            return admin.describeTransactions(List.of(transactionalId))
                    .description(transactionalId)
                    .get(30, TimeUnit.SECONDS)
                    .transactionTimeoutMs();
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new AssertionError("Transaction " + transactionalId, e);
        }
    }

    @Test
    void logLevelsCanBeReadAndSetForAWorkerAndForTheGroup() {
        String address = "/admin/loggers/io.weir.connect";
        HttpResponse<String> set = call("PUT", address, "{\"level\":\"DEBUG\"}");
        assertThat(set.statusCode()).isEqualTo(200);
        assertThat(set.body()).startsWith("[\"io.weir.connect\"");
        assertThat(weir.get(address).body()).matches("\\{\"level\":\"DEBUG\",\"last_modified\":\\d+}");
        assertThat(weir.get("/admin/loggers").body()).contains("\"io.weir.connect\":{\"level\":\"DEBUG\"");

        assertThat(call("PUT", address + "?scope=cluster", "{\"level\":\"INFO\"}")
                        .statusCode())
                .isEqualTo(204);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(weir.get(address).body()).startsWith("{\"level\":\"INFO\""));
        assertThat(weir.get("/admin/loggers/no.such.logger").statusCode()).isEqualTo(404);
        assertThat(call("PUT", address, "{\"level\":\"LOUD\"}").statusCode()).isEqualTo(404);
        assertThat(call("PUT", address, "{}").statusCode()).isEqualTo(400);
    }

    @Test
    void noJerseyAndNoServletContainerIsPackagedAndEveryKafkaJarIsOneVersion() throws IOException {
        try (Stream<Path> jars = Files.list(Path.of("target", "quarkus-app", "lib", "main"))) {
            List<String> names = jars.map(jar -> jar.getFileName().toString()).toList();

            assertThat(names)
                    .noneMatch(
                            name -> name.contains("jersey") || name.contains("ee10") || name.contains("connect-file"))
                    .anyMatch(name -> name.startsWith("org.apache.kafka.connect-runtime-"));
            assertThat(names.stream().filter(name -> name.startsWith("org.apache.kafka.")))
                    .allMatch(name -> name.endsWith("-4.3.1.jar"));
        }
    }

    private static Path numbers(String name, int from, int to) throws IOException {
        return Files.write(
                files.resolve(name),
                IntStream.range(from, to)
                        .mapToObj(n -> "{\"id\":\"k" + n % 97 + "\",\"n\":" + n + "}")
                        .toList());
    }

    private static Map<String, Object> source(Path file, String topic) {
        return Map.of("connector.class", "FileSource", "path", file.toString(), "format", "ndjson", "topic", topic);
    }

    private static Map<String, Object> sink(String topic, String name) {
        return Map.of(
                "connector.class",
                "FileSink",
                "topics",
                topic,
                "folder",
                files.resolve(name).toString(),
                "format",
                "ndjson");
    }

    private static String body(String name, Map<String, Object> config) {
        return config(Map.of("name", name, "config", new java.util.TreeMap<>(config)));
    }

    private static String config(Map<String, Object> config) {
        try {
            return JSON.writeValueAsString(config);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static HttpResponse<String> post(String path, String body) {
        return weir.post(path, body);
    }

    /// Without a body there is no content type either, as curl sends it.
    private static HttpResponse<String> call(String method, String path, String body) {
        BodyPublisher publisher = body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body);
        HttpRequest.Builder request = HttpRequest.newBuilder(weir.http().resolve(path))
                .timeout(PATIENCE)
                .method(method, publisher);
        return weir.send(
                body == null
                        ? request.build()
                        : request.header("Content-Type", "application/json").build());
    }

    private static JsonNode json(String path) {
        return parse(weir.get(path).body());
    }

    private static JsonNode parse(String text) {
        try {
            return JSON.readTree(text);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long position(String connector) {
        return json("/connectors/" + connector + "/offsets")
                .at("/offsets/0/offset/line")
                .asLong();
    }

    private static void awaitState(String encodedName, String state, int tasks) {
        await().atMost(PATIENCE).untilAsserted(() -> {
            JsonNode status = json("/connectors/" + encodedName + "/status");
            assertThat(status.at("/connector/state").asText()).isEqualTo(state);
            assertThat(status.path("tasks")).hasSize(tasks);
            status.path("tasks")
                    .forEach(task -> assertThat(task.path("state").asText()).isEqualTo(state));
        });
    }

    /// Values of the one partition as a read_committed consumer gets them, until nothing more comes.
    private static List<String> committed(String topic, int atLeast) {
        List<String> values = new ArrayList<>();
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", weir.kafka(), "isolation.level", "read_committed"),
                new StringDeserializer(),
                new StringDeserializer())) {
            TopicPartition partition = new TopicPartition(topic, 0);
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            await().atMost(PATIENCE).until(() -> {
                for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(200))) {
                    values.add(record.value());
                }
                return consumer.position(partition) >= end;
            });
        }
        assertThat(values).hasSizeGreaterThanOrEqualTo(atLeast);
        return values;
    }

    /// All lines of a sink's files in the order of their names.
    private static List<String> written(String sink) throws IOException {
        try (Stream<Path> parts = Files.list(files.resolve(sink))) {
            List<String> lines = new ArrayList<>();
            for (Path part : parts.filter(path -> path.toString().endsWith(".ndjson"))
                    .sorted()
                    .toList()) {
                lines.addAll(Files.readAllLines(part, StandardCharsets.UTF_8));
            }
            return lines;
        }
    }
}

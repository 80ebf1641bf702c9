package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.server.Flights.Flight;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.assertj.core.api.AbstractStringAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/// `/jobs` on the packaged node, with the example job on real flights of 2001.
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class JobsRestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final String JOB = "delays";
    private static final long HOUR_MILLIS = 3_600_000;
    private static final long GRACE_MILLIS = 600_000;
    private static final int PART = 5_000;

    @TempDir
    static Path data;

    private static WeirProcess weir;
    private static Path jar;
    private static List<Flight> flights;

    @BeforeAll
    static void startNode() throws Exception {
        jar = Flights.jar();
        flights = Flights.read(4 * PART);
        weir = WeirProcess.start(data, Map.of());
    }

    @AfterAll
    static void stopNode() {
        weir.close();
    }

    @Test
    @Order(1)
    void badRequestsAreProblemsAndTheNodeServesOn() throws Exception {
        Path text = Files.writeString(data.resolve("text.jar"), "no jar");
        problem(upload("/jobs", jar, "class", "io.weir.examples.DelaysByHour"), 422, "source-topic-missing")
                .contains("Job 'delays-by-hour'");
        problem(upload("/jobs", jar, "class", "io.weir.examples.DelayByHour"), 422, "artifact-class-missing")
                .contains("Did you mean 'io.weir.examples.DelaysByHour'?");
        problem(upload("/jobs", jar, "class", "io.weir.examples.DelaysByHour$Flight"), 422, "not-a-job")
                .contains("StreamJob");
        problem(upload("/jobs", text, "class", "any.Thing"), 422, "artifact-not-a-jar")
                .contains("text.jar");
        problem(upload("/jobs", null, "class", "any.Thing"), 400, "part-missing")
                .contains("Part 'jar'");
        problem(upload("/jobs", jar, "spec", "{\"job\":"), 400, "json-malformed")
                .contains("Part 'spec'");
        problem(upload("/jobs", jar, "spec", "{\"clas\":\"x\"}"), 400, "spec-invalid")
                .contains("Did you mean 'class'?");
        String badName = "{\"job\":\"Bad.Name\",\"class\":\"io.weir.examples.DelaysByHour\"}";
        problem(upload("/jobs", jar, "spec", badName), 400, "job-name-invalid");
        problem(weir.get("/jobs/none"), 404, "job-unknown");
        problem(weir.post("/jobs/none/stop", ""), 404, "job-unknown");
        problem(weir.post("/jobs", "{\"job\":\"x\"}"), 400, "part-missing").contains("artifact");
        problem(upload("/jobs?timeout=soon", jar, "class", "io.weir.examples.DelaysByHour"), 400, "parameter-invalid")
                .contains("soon");
        assertThat(json(weir.get("/jobs")).path("jobs")).isEmpty();
        assertThat(weir.get("/q/health/live").statusCode()).isEqualTo(200);
    }

    @Test
    @Order(2)
    void aJobIsPlannedDeployedAndRunsInOneCall() throws Exception {
        Flights.createTopics(weir.kafka(), flights);
        Flights.produce(weir.kafka(), flights.subList(0, PART));
        JsonNode planned = json(upload("/jobs/plan", jar, "class", "io.weir.examples.DelaysByHour"));
        assertThat(planned.path("plan").path("text").asText())
                .contains("flights")
                .contains("delays_by_hour");
        assertThat(json(weir.get("/jobs")).path("jobs")).isEmpty();

        HttpResponse<String> deployed = upload(
                "/jobs?wait=RUNNING&timeout=60s",
                jar,
                "spec",
                "{\"job\":\"delays\",\"class\":\"io.weir.examples.DelaysByHour\",\"config\":{\"weir.job.threads\":2}}");

        assertThat(deployed.statusCode()).as(deployed.body()).isEqualTo(202);
        assertThat(deployed.headers().firstValue("Location")).get().asString().endsWith("/jobs/delays/operations/op-1");
        JsonNode job = json(deployed);
        assertThat(job.path("state").asText()).isEqualTo("LIVE");
        assertThat(job.path("version").asInt()).isEqualTo(1);
        assertThat(job.path("operation").path("state").asText()).isEqualTo("DONE");
        String again =
                "{\"job\":\"delays\",\"class\":\"io.weir.examples.DelaysByHour\",\"config\":{\"weir.job.threads\":2}}";
        problem(upload("/jobs", jar, "spec", again), 409, "job-name-taken");
        problem(upload("/jobs", jar, "spec", "{\"job\":\"delays\"}"), 422, "artifact-class-missing");
        problem(weir.get("/jobs/delay"), 404, "job-unknown").contains("Did you mean 'delays'?");
        awaitNoLag();
        JsonNode topology = json(weir.get("/jobs/delays/topology"));
        assertThat(topology.path("stages").get(0).path("name").asText()).isNotEmpty();
    }

    @Test
    @Order(3)
    void resultsAreExactAfterAKillAndARestart() throws Exception {
        Flights.produce(weir.kafka(), flights.subList(PART, 2 * PART));
        await().atMost(PATIENCE).until(() -> !rows(Duration.ofMillis(300)).isEmpty());
        weir.kill9();
        weir.close();
        weir = WeirProcess.start(data, Map.of());
        Flights.produce(weir.kafka(), flights.subList(2 * PART, 3 * PART));
        await().atMost(PATIENCE).until(() -> state().equals("LIVE"));
        awaitNoLag();

        Map<String, String> expected = closedHours(flights.subList(0, 3 * PART));
        assertThat(expected).hasSizeGreaterThan(500);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rows(Duration.ofSeconds(1))).isEqualTo(expected));
    }

    @Test
    @Order(4)
    void aStoppedJobGoesOnWhereItWasAlsoAfterARestart() throws Exception {
        HttpResponse<String> stopped = weir.post("/jobs/delays/stop", "");
        assertThat(stopped.statusCode()).as(stopped.body()).isEqualTo(202);
        assertThat(json(stopped).path("state").asText()).isEqualTo("STOPPED");
        problem(weir.post("/jobs/delays/stop", ""), 409, "job-state").contains("stopped already");
        Flights.produce(weir.kafka(), flights.subList(3 * PART, 4 * PART));
        weir.stop();
        weir.close();
        weir = WeirProcess.start(data, Map.of());
        await().atMost(PATIENCE).until(() -> state().equals("STOPPED"));
        assertThat(json(weir.get("/jobs/delays")).path("lag").path("flights").asLong())
                .isGreaterThanOrEqualTo(PART);

        HttpResponse<String> started = weir.post("/jobs/delays/start?wait=RUNNING", "");

        assertThat(started.statusCode()).as(started.body()).isEqualTo(202);
        awaitNoLag();
        Map<String, String> expected = closedHours(flights);
        await().atMost(PATIENCE)
                .untilAsserted(() -> assertThat(rows(Duration.ofSeconds(1))).isEqualTo(expected));
    }

    @Test
    @Order(5)
    void aDeletedJobLeavesItsOutputAndNothingElse() throws Exception {
        JsonNode preview = json(delete("/jobs/delays?dryRun=true"));
        assertThat(preview.path("keptTopics").toString()).contains("delays_by_hour");

        HttpResponse<String> deleted = delete("/jobs/delays");

        assertThat(deleted.statusCode()).as(deleted.body()).isEqualTo(202);
        assertThat(json(deleted).path("state").asText()).as(deleted.body()).isEqualTo("DONE");
        problem(weir.get("/jobs/delays"), 404, "job-unknown");
        assertThat(json(weir.get("/jobs/delays/operations/"
                                + json(deleted).path("id").asText()))
                        .path("state")
                        .asText())
                .isEqualTo("DONE");
        try (Admin admin = Admin.create(Flights.client(weir.kafka()))) {
            await().atMost(PATIENCE).untilAsserted(() -> {
                assertThat(admin.listTopics().names().get())
                        .contains("flights", "airports", "delays_by_hour")
                        .noneMatch(topic -> topic.startsWith("delays.v1"));
                assertThat(admin.listGroups().all().get())
                        .noneMatch(group -> group.groupId().startsWith("delays"));
            });
        }
        assertThat(data.resolve("jobs/state/delays.v1")).doesNotExist();
        problem(weir.post("/jobs/delays/start", ""), 404, "job-unknown");
    }

    /// The hours that must be out, by `origin hour`: the window's end and its grace are not after the newest
    /// flight of its partition.
    private static Map<String, String> closedHours(List<Flight> part) {
        long[] newest = new long[Flights.PARTITIONS];
        Map<String, long[]> sums = new TreeMap<>();
        for (Flight flight : part) {
            long at = flight.at().toEpochMilli();
            newest[Flights.partition(flight.origin())] = Math.max(newest[Flights.partition(flight.origin())], at);
            long[] sum =
                    sums.computeIfAbsent(flight.origin() + " " + at / HOUR_MILLIS * HOUR_MILLIS, key -> new long[2]);
            sum[0]++;
            sum[1] += flight.delay();
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

    /// All committed rows of the output; a second row for one key and hour fails.
    private static Map<String, String> rows(Duration quiet) throws IOException {
        Map<String, Object> settings = Flights.client(weir.kafka());
        settings.put("isolation.level", "read_committed");
        Map<String, String> rows = new TreeMap<>();
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(settings, new StringDeserializer(), new StringDeserializer())) {
            List<TopicPartition> partitions = consumer.partitionsFor("delays_by_hour").stream()
                    .map(partition -> new TopicPartition("delays_by_hour", partition.partition()))
                    .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            Instant patience = Instant.now().plus(quiet.multipliedBy(20));
            while (partitions.stream().anyMatch(partition -> consumer.position(partition) < ends.get(partition))
                    && Instant.now().isBefore(patience)) {
                for (ConsumerRecord<String, String> row : consumer.poll(quiet)) {
                    JsonNode key = JSON.readTree(row.key());
                    JsonNode value = JSON.readTree(row.value());
                    String name = key.path("key").asText() + " " + (row.timestamp() + 1 - HOUR_MILLIS);
                    String before = rows.put(
                            name,
                            value.path("flights").asLong() + " flights, "
                                    + value.path("delayMinutes").asLong() + " min, "
                                    + value.path("state").asText());
                    assertThat(before).as("second row of " + name).isNull();
                }
            }
        }
        return rows;
    }

    private static void awaitNoLag() {
        await().atMost(PATIENCE).until(() -> {
            JsonNode lag = json(weir.get("/jobs/" + JOB)).path("lag");
            return lag.size() == 2
                    && lag.path("flights").asLong() == 0
                    && lag.path("airports").asLong() == 0;
        });
    }

    private static String state() throws IOException {
        return json(weir.get("/jobs/" + JOB)).path("state").asText();
    }

    private static HttpResponse<String> delete(String path) {
        return weir.send(
                HttpRequest.newBuilder(weir.http().resolve(path)).DELETE().build());
    }

    private static HttpResponse<String> upload(String path, Path file, String part, String text) throws IOException {
        String boundary = "weir-test-boundary";
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        if (file != null) {
            body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"jar\"; filename=\""
                            + file.getFileName() + "\"\r\nContent-Type: application/java-archive\r\n\r\n")
                    .getBytes(StandardCharsets.UTF_8));
            body.writeBytes(Files.readAllBytes(file));
            body.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
        }
        body.writeBytes(("--" + boundary + "\r\nContent-Disposition: form-data; name=\"" + part + "\"\r\n\r\n" + text
                        + "\r\n--" + boundary + "--\r\n")
                .getBytes(StandardCharsets.UTF_8));
        return weir.send(HttpRequest.newBuilder(weir.http().resolve(path))
                .timeout(PATIENCE)
                .header("Content-Type", "multipart/form-data; boundary=" + boundary)
                .POST(HttpRequest.BodyPublishers.ofByteArray(body.toByteArray()))
                .build());
    }

    private static AbstractStringAssert<?> problem(HttpResponse<String> answer, int status, String code)
            throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(answer.headers().firstValue("Content-Type")).get().asString().startsWith("application/problem+json");
        JsonNode problem = json(answer);
        assertThat(problem.path("type").asText()).isEqualTo("/problems/" + code);
        assertThat(problem.path("owner").asText()).isEqualTo("USER");
        return assertThat(problem.path("detail").asText());
    }

    private static JsonNode json(HttpResponse<String> answer) throws IOException {
        return JSON.readTree(answer.body());
    }
}

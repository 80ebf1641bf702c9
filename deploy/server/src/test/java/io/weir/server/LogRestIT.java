package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The log's REST API on the packaged node.
@Timeout(120)
class LogRestIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final AtomicInteger TOPICS = new AtomicInteger();

    @TempDir
    static Path folder;

    private static WeirProcess weir;
    private static String cluster;

    @BeforeAll
    static void start() {
        weir = WeirProcess.start(
                folder.resolve("data"), Map.of("weir.rest.tails.max", "6", "weir.rest.tails.patience", "2s"));
        cluster = "/v3/clusters/" + weir.endpoints().path("clusterId").asText();
    }

    @AfterAll
    static void stop() {
        weir.close();
    }

    @Test
    void clustersAndBrokersAreListed() throws Exception {
        JsonNode list = ok(weir.get("/v3/clusters"));
        assertThat(list.path("kind").asText()).isEqualTo("KafkaClusterList");
        JsonNode first = list.path("data").path(0);
        assertThat(URI.create(first.path("metadata").path("self").asText()).getPath())
                .isEqualTo(cluster);
        assertThat(ok(weir.get(cluster)).path("cluster_id")).isEqualTo(first.path("cluster_id"));
        JsonNode broker = ok(weir.get(cluster + "/brokers")).path("data").path(0);
        assertThat(broker.path("host").asText() + ":" + broker.path("port").asInt())
                .isEqualTo(weir.kafka());
        String self = path(broker);
        assertThat(ok(weir.get(self))).isEqualTo(broker);
        problem(weir.get(self + "9"), 404, "broker-not-found");
        problem(weir.get("/v3/clusters/other/topics"), 404, "cluster-not-found");
    }

    @Test
    void aTopicIsCreatedDescribedListedAndDeleted() throws Exception {
        String name = name("life");
        HttpResponse<String> created = weir.post(
                cluster + "/topics",
                "{\"topic_name\":\"" + name + "\",\"partitions_count\":3,\"replication_factor\":1,"
                        + "\"configs\":[{\"name\":\"retention.ms\",\"value\":\"12345\"}]}");
        assertThat(created.statusCode()).isEqualTo(201);
        assertThat(created.headers().firstValue("location").orElseThrow()).endsWith("/topics/" + name);

        JsonNode topic = ok(weir.get(cluster + "/topics/" + name));
        assertThat(topic.path("partitions_count").asInt()).isEqualTo(3);
        assertThat(topic.path("is_internal").asBoolean()).isFalse();
        assertThat(names(weir.get(cluster + "/topics"))).contains(name);
        assertThat(ok(weir.get(cluster + "/topics/" + name + "/configs")).path("data"))
                .anySatisfy(config -> {
                    assertThat(config.path("name").asText()).isEqualTo("retention.ms");
                    assertThat(config.path("value").asText()).isEqualTo("12345");
                    assertThat(config.path("is_default").asBoolean()).isFalse();
                });
        produce(name, "{\"partition_id\":1}{\"partition_id\":1}");
        assertThat(ok(weir.get(cluster + "/topics/" + name + "/partitions")).path("data"))
                .extracting(partition -> partition.path("earliest_offset").asLong() + ".."
                        + partition.path("latest_offset").asLong())
                .containsExactly("0..0", "0..2", "0..0");
        JsonNode partition = ok(weir.get(cluster + "/topics/" + name + "/partitions/1"));
        assertThat(partition.path("latest_offset").asLong()).isEqualTo(2);
        assertThat(path(partition)).isEqualTo(cluster + "/topics/" + name + "/partitions/1");
        problem(weir.get(cluster + "/topics/" + name + "/partitions/3"), 404, "partition-not-found");
        assertThat(ok(weir.get(cluster + "/topics/" + name + "/configs/retention.ms"))
                        .path("value")
                        .asText())
                .isEqualTo("12345");
        problem(weir.get(cluster + "/topics/" + name + "/configs/retention"), 404, "topic-config-not-found");

        assertThat(delete(cluster + "/topics/" + name).statusCode()).isEqualTo(204);
        problem(weir.get(cluster + "/topics/" + name), 404, "topic-not-found");
        assertThat(names(weir.get(cluster + "/topics"))).doesNotContain(name);
    }

    @Test
    void internalTopicsAreListedOnRequestAndNeverTouched() throws Exception {
        assertThat(names(weir.get(cluster + "/topics"))).noneMatch(name -> name.startsWith("__"));
        assertThat(names(weir.get(cluster + "/topics?internal=true"))).anyMatch(name -> name.startsWith("__"));
        problem(delete(cluster + "/topics/__consumer_offsets"), 409, "topic-internal");
        problem(weir.post(cluster + "/topics/__weir_jobs/records", "{}"), 409, "topic-internal");
        problem(weir.post(cluster + "/topics", "{\"topic_name\":\"__mine\"}"), 409, "topic-internal");
    }

    @Test
    void aListCanBeReadInPages() throws Exception {
        List<String> created =
                IntStream.range(0, 5).mapToObj(i -> topic("page", 1)).toList();
        Set<String> seen = new HashSet<>();
        String next = cluster + "/topics?page_size=2";
        for (int pages = 0; next != null && pages < 100; pages++) {
            HttpResponse<String> page = weir.get(next);
            assertThat(names(page)).hasSizeLessThanOrEqualTo(2);
            names(page).forEach(name -> assertThat(seen.add(name)).isTrue());
            JsonNode link = ok(page).path("metadata").path("next");
            URI uri = link.isNull() ? null : URI.create(link.asText());
            next = uri == null ? null : uri.getRawPath() + "?" + uri.getRawQuery();
        }
        assertThat(seen).containsAll(created);
    }

    @Test
    void badTopicRequestsSayWhatIsWrong() throws Exception {
        String name = topic("bad", 1);
        String topics = cluster + "/topics";
        problem(weir.post(topics, "{\"topic_name\":\"" + name + "\"}"), 409, "topic-exists");
        problem(weir.post(topics, "{\"topic_name\":\"or ders\"}"), 400, "topic-name-invalid");
        problem(weir.post(topics, "{\"topic_name\":"), 400, "json-malformed");
        problem(weir.post(topics, ""), 400, "body-invalid");
        problem(weir.post(topics, "[]"), 400, "body-invalid");
        problem(weir.post(topics, "{\"topic_name\":\"x\",\"replication_factor\":9}"), 400, "topic-replication-invalid");
        assertThat(detail(weir.post(topics, "{\"topic_nam\":\"x\"}"))).endsWith("Did you mean 'topic_name'?");
        assertThat(detail(weir.post(
                        topics, "{\"topic_name\":\"x\",\"configs\":[{\"name\":\"retention.mss\",\"value\":\"1\"}]}")))
                .endsWith("Did you mean 'retention.ms'?");
        assertThat(detail(delete(topics + "/" + name + "s"))).endsWith("Did you mean '" + name + "'?");
        assertThat(detail(weir.get(topics + "?intrnal=true"))).endsWith("Did you mean 'internal'?");
        HttpRequest text = HttpRequest.newBuilder(weir.http().resolve(topics))
                .header("Content-Type", "text/plain")
                .POST(HttpRequest.BodyPublishers.ofString("x"))
                .build();
        problem(weir.send(text), 415, "media-type-unsupported");
        problem(weir.get(cluster + "/nothing"), 404, "path-not-found");
        HttpRequest put = HttpRequest.newBuilder(weir.http().resolve("/v3/clusters"))
                .PUT(HttpRequest.BodyPublishers.noBody())
                .build();
        problem(weir.send(put), 405, "method-not-allowed");
    }

    @Test
    void severalRecordsAreWrittenInOrderWithOneLineEach() throws Exception {
        String name = topic("produce", 2);
        JsonNode one = ok(produce(
                name,
                "{\"partition_id\":1,\"key\":{\"type\":\"STRING\",\"data\":\"AA\"},"
                        + "\"value\":{\"type\":\"JSON\",\"data\":{\"delay\":1.50}},"
                        + "\"headers\":[{\"name\":\"h\",\"value\":\"AQI=\"}],\"timestamp\":\"2001-01-01T00:00:00Z\"}"));
        assertThat(one.path("topic_name").asText()).isEqualTo(name);
        assertThat(one.path("partition_id").asInt()).isEqualTo(1);
        assertThat(one.path("offset").asLong()).isZero();
        assertThat(one.path("timestamp").asText()).isEqualTo("2001-01-01T00:00:00Z");

        String body = "{\"partition_id\":1,\"value\":{\"type\":\"STRING\",\"data\":\"text\"}}\n"
                + "{\"partition_id\":1,\"value\":{\"type\":\"BINARY\",\"data\":\"/wE=\"}}{\"partition_id\":1}";
        List<String> lines = produce(name, body).body().lines().toList();
        assertThat(lines).hasSize(3);
        for (int i = 0; i < 3; i++) {
            assertThat(JSON.readTree(lines.get(i)).path("offset").asLong()).isEqualTo(1 + i);
        }

        HttpResponse<String> read = weir.get(records(name) + "?partition=1&decode=json");
        assertThat(read.body())
                .contains("\"key\":{\"type\":\"BINARY\",\"data\":\"QUE=\"}")
                .contains("\"value\":{\"type\":\"JSON\",\"data\":{\"delay\":1.50}}")
                .contains("\"headers\":[{\"name\":\"h\",\"value\":\"AQI=\"}]");
        JsonNode records = ok(read).path("records");
        assertThat(records.path(2).path("value").toString()).isEqualTo("{\"type\":\"BINARY\",\"data\":\"/wE=\"}");
        assertThat(records.path(2).path("decode_error").asText()).isEqualTo("value: not UTF-8");
        assertThat(records.path(3).path("value").isNull()).isTrue();
    }

    @Test
    void aBodyWithOneWrongRecordWritesNothing() throws Exception {
        String name = topic("atomic", 1);
        assertThat(detail(produce(name, "{}\n{}\n{\"partition_id\":7}"))).startsWith("Record 3, ");
        problem(produce(name, "{}\n{\"key\":"), 400, "json-malformed");
        assertThat(ok(weir.get(records(name))).path("end").path("0").asLong()).isZero();
        assertThat(detail(produce(name + "x", "{}"))).endsWith("Did you mean '" + name + "'?");
    }

    @Test
    void aRangeReadFollowsNextAndRefusesWhatIsOutside() throws Exception {
        String name = topic("range", 1);
        StringBuilder body = new StringBuilder();
        IntStream.range(0, 25).forEach(i -> body.append("{\"value\":{\"type\":\"JSON\",\"data\":" + i + "}}"));
        produce(name, body.toString());

        List<Integer> seen = new ArrayList<>();
        long next = 0;
        String stoppedBy = "";
        while (!stoppedBy.equals("end")) {
            JsonNode page = ok(weir.get(records(name) + "?partition=0&limit=10&offset=" + next));
            page.path("records")
                    .forEach(
                            record -> seen.add(record.path("value").path("data").asInt()));
            next = page.path("next").path("0").asLong();
            stoppedBy = page.path("stopped_by").asText();
        }
        assertThat(seen).isEqualTo(IntStream.range(0, 25).boxed().toList());
        assertThat(ok(weir.get(records(name) + "?offset=last:3")).path("records"))
                .hasSize(3);
        assertThat(ok(weir.get(records(name) + "?offset=0=24")).path("records")).hasSize(1);
        assertThat(ok(weir.get(records(name) + "?contains=24")).path("records")).hasSize(1);
        assertThat(ok(weir.get(records(name) + "?offset=time:2100-01-01T00:00:00Z"))
                        .path("records"))
                .isEmpty();

        HttpResponse<String> outside = weir.get(records(name) + "?offset=26");
        problem(outside, 416, "read-offset-outside");
        assertThat(JSON.readTree(outside.body()).path("earliest").asLong()).isZero();
        assertThat(JSON.readTree(outside.body()).path("latest").asLong()).isEqualTo(25);
        problem(weir.get(records(name) + "?offset=first"), 400, "read-offset-invalid");
        problem(weir.get(records(name) + "?limit=0"), 400, "read-limit-invalid");
        problem(weir.get(records(name) + "?partition=1"), 404, "partition-not-found");
        problem(weir.get(records(name) + "?partition=x"), 400, "parameter-invalid");
        assertThat(detail(weir.get(records(name) + "?decode=jsn"))).endsWith("Did you mean 'json'?");
        assertThat(detail(weir.get(records(name) + "?isolation=read_commited")))
                .endsWith("Did you mean 'read_committed'?");
    }

    @Test
    void groupsShowTheirLag() throws Exception {
        String name = topic("groups", 1);
        produce(name, "{}{}{}{}{}");
        String group = name + "-readers";
        Map<String, Object> properties = Map.of(
                "bootstrap.servers",
                weir.kafka(),
                "group.id",
                group,
                "auto.offset.reset",
                "earliest",
                "max.poll.records",
                2,
                "enable.auto.commit",
                false);
        try (KafkaConsumer<String, String> consumer =
                new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(name));
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !consumer.poll(Duration.ofMillis(200)).isEmpty());
            consumer.commitSync();

            JsonNode lag = ok(weir.get(cluster + "/consumer-groups/" + group + "/lags"))
                    .path("data")
                    .path(0);
            assertThat(lag.path("current_offset").asLong()).isEqualTo(2);
            assertThat(lag.path("log_end_offset").asLong()).isEqualTo(5);
            assertThat(lag.path("lag").asLong()).isEqualTo(3);
            assertThat(lag.path("client_id").asText()).isNotEmpty();
            JsonNode details = ok(weir.get(cluster + "/consumer-groups/" + group));
            assertThat(details.path("state").asText()).isEqualTo("Stable");
            assertThat(details.path("members_count").asInt()).isEqualTo(1);
        }
        JsonNode summary = ok(weir.get(cluster + "/consumer-groups/" + group + "/lag-summary"));
        assertThat(summary.path("total_lag").asLong()).isEqualTo(3);
        assertThat(summary.path("max_lag_topic_name").asText()).isEqualTo(name);
        assertThat(ok(weir.get(cluster + "/consumer-groups/" + group + "/offsets"))
                        .path("data")
                        .path(0)
                        .path("current_offset")
                        .asLong())
                .isEqualTo(2);
        assertThat(ok(weir.get(cluster + "/consumer-groups")).path("data"))
                .anySatisfy(each ->
                        assertThat(each.path("consumer_group_id").asText()).isEqualTo(group));
        assertThat(detail(weir.get(cluster + "/consumer-groups/" + group + "s")))
                .endsWith("Did you mean '" + group + "'?");
    }

    @Test
    void aTailResumesExactlyWhereItsLastEventIdSays() throws Exception {
        String name = topic("tail", 1);
        produce(name, "{\"value\":{\"type\":\"JSON\",\"data\":0}}");
        String lastId;
        List<Integer> seen = new ArrayList<>();
        try (Events events = Events.open(records(name) + "?offset=earliest", "")) {
            assertThat(events.next().id()).isEqualTo("0=0");
            for (int i = 1; i < 6; i++) {
                produce(name, "{\"value\":{\"type\":\"JSON\",\"data\":" + i + "}}");
            }
            Event last = events.next();
            seen.add(last.value());
            while (seen.size() < 4) {
                last = events.next();
                seen.add(last.value());
            }
            lastId = last.id();
            assertThat(lastId).isEqualTo("0=4");
        }
        try (Events events = Events.open(records(name), lastId)) {
            assertThat(events.next().id()).isEqualTo("0=4");
            seen.add(events.next().value());
            seen.add(events.next().value());
        }
        assertThat(seen).containsExactly(0, 1, 2, 3, 4, 5);
        problem(
                weir.get(records(name), "Accept", "text/event-stream", "Last-Event-ID", "0=99"),
                416,
                "read-offset-outside");
        problem(
                weir.get(records(name), "Accept", "text/event-stream", "Last-Event-ID", "x"),
                400,
                "read-offset-invalid");
        problem(weir.get(records(name + "x"), "Accept", "text/event-stream"), 404, "topic-not-found");
    }

    @Test
    void aSlowTailIsClosedAndTheNodeKeepsServing() throws Exception {
        String name = topic("slow", 1);
        try (Socket lazy = lazyTailOnceThereIsRoom(name)) {
            String large = "{\"value\":{\"type\":\"STRING\",\"data\":\"" + "x".repeat(500_000) + "\"}}";
            for (int i = 0; i < 40; i++) {
                assertThat(produce(name, large).statusCode()).isEqualTo(200);
            }
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> weir.output().contains("its client did not read for 2 s"));
            assertThat(weir.get("/q/health/live").statusCode()).isEqualTo(200);
            lazy.setSoTimeout(30_000);
            assertThat(endsBeforeAllIsSent(lazy.getInputStream(), 20_000_000)).isTrue();
        }
    }

    @Test
    void oneTailTooManyIsRefused() throws Exception {
        String name = topic("many", 1);
        List<Events> open = new ArrayList<>();
        try {
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                HttpResponse<InputStream> answer = Events.request(records(name), "");
                if (answer.statusCode() == 200) {
                    open.add(new Events(answer));
                    return false;
                }
                answer.body().close();
                return answer.statusCode() == 429;
            });
            assertThat(open).hasSizeLessThanOrEqualTo(6).isNotEmpty();
        } finally {
            for (Events events : open) {
                events.close();
            }
        }
        // a client that left gives its place back
        await().atMost(Duration.ofSeconds(60)).until(() -> {
            try (InputStream body = Events.request(records(name), "").body()) {
                return !new String(body.readNBytes(5), StandardCharsets.UTF_8).startsWith("{");
            }
        });
    }

    /// The node notices only by writing that the clients of an earlier test have left.
    private static Socket lazyTailOnceThereIsRoom(String topic) throws IOException {
        return await().atMost(Duration.ofSeconds(60))
                .until(() -> lazyTail(topic), Optional::isPresent)
                .orElseThrow();
    }

    /// A client that takes the first line of its tail and then reads no more; empty when there is no room for
    /// it.
    private static Optional<Socket> lazyTail(String topic) throws IOException {
        Socket lazy = new Socket();
        lazy.setReceiveBufferSize(4_096);
        lazy.connect(new InetSocketAddress(weir.http().getHost(), weir.http().getPort()));
        String request = "GET " + records(topic) + "?offset=earliest HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                + "Accept: text/event-stream\r\n\r\n";
        lazy.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
        String status = new String(lazy.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
        if (status.equals("HTTP/1.1 429")) {
            lazy.close();
            return Optional.empty();
        }
        assertThat(status).isEqualTo("HTTP/1.1 200");
        return Optional.of(lazy);
    }

    private static boolean endsBeforeAllIsSent(InputStream input, int all) throws IOException {
        byte[] buffer = new byte[65_536];
        long read = 0;
        int count = 0;
        while (count >= 0 && read < all) {
            try {
                count = input.read(buffer);
            } catch (SocketException e) {
                return true;
            }
            read += Math.max(0, count);
        }
        return count < 0;
    }

    private record Event(String id, String data) {
        int value() throws IOException {
            return JSON.readTree(data).path("value").path("data").asInt();
        }
    }

    /// Server-sent events of one tail.
    private static final class Events implements AutoCloseable {
        private final BufferedReader lines;

        Events(HttpResponse<InputStream> answer) {
            this.lines = new BufferedReader(new InputStreamReader(answer.body(), StandardCharsets.UTF_8));
        }

        static Events open(String path, String lastId) throws Exception {
            HttpResponse<InputStream> answer = request(path, lastId);
            assertThat(answer.statusCode()).isEqualTo(200);
            return new Events(answer);
        }

        static HttpResponse<InputStream> request(String path, String lastId) throws Exception {
            HttpRequest.Builder request =
                    HttpRequest.newBuilder(weir.http().resolve(path)).header("Accept", "text/event-stream");
            return HTTP.send(
                    (lastId.isEmpty() ? request : request.header("Last-Event-ID", lastId)).build(),
                    HttpResponse.BodyHandlers.ofInputStream());
        }

        Event next() throws IOException {
            String id = "";
            String data = "";
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                if (line.isEmpty() && !id.isEmpty()) {
                    return new Event(id, data);
                }
                id = line.startsWith("id:") ? line.substring(3).strip() : id;
                data = line.startsWith("data:") ? line.substring(5) : data;
            }
            throw new IllegalStateException("The tail ended.");
        }

        @Override
        public void close() throws IOException {
            lines.close();
        }
    }

    private static String name(String prefix) {
        return prefix + "-" + TOPICS.incrementAndGet();
    }

    private static String topic(String prefix, int partitions) {
        String name = name(prefix);
        assertThat(weir.post(
                                cluster + "/topics",
                                "{\"topic_name\":\"" + name + "\",\"partitions_count\":" + partitions + "}")
                        .statusCode())
                .isEqualTo(201);
        return name;
    }

    private static String records(String topic) {
        return cluster + "/topics/" + topic + "/records";
    }

    private static HttpResponse<String> produce(String topic, String body) {
        return weir.post(records(topic), body);
    }

    private static HttpResponse<String> delete(String path) {
        return weir.send(
                HttpRequest.newBuilder(weir.http().resolve(path)).DELETE().build());
    }

    private static JsonNode ok(HttpResponse<String> answer) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return JSON.readTree(answer.body());
    }

    /// Where the answer says that it lies.
    private static String path(JsonNode entity) {
        return URI.create(entity.path("metadata").path("self").asText()).getPath();
    }

    private static List<String> names(HttpResponse<String> list) throws IOException {
        List<String> names = new ArrayList<>();
        ok(list).path("data")
                .forEach(topic -> names.add(topic.path("topic_name").asText()));
        return names;
    }

    private static String detail(HttpResponse<String> answer) throws IOException {
        assertThat(answer.headers().firstValue("content-type")).hasValue("application/problem+json");
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("status").asInt()).isEqualTo(answer.statusCode());
        return body.path("detail").asText();
    }

    private static void problem(HttpResponse<String> answer, int status, String code) throws IOException {
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(status);
        assertThat(detail(answer)).isNotEmpty();
        JsonNode body = JSON.readTree(answer.body());
        assertThat(body.path("type").asText()).isEqualTo("/problems/" + code);
        assertThat(body.path("error_code").isInt()).isTrue();
    }
}

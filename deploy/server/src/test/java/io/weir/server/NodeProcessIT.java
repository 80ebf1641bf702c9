package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NodeProcessIT {
    @TempDir
    Path folder;

    @Test
    void startsStopsAndComesBackOnTheSamePorts() {
        Path data = folder.resolve("data");
        String http;
        String kafka;
        try (WeirProcess weir = WeirProcess.start(data, Map.of())) {
            http = weir.http().toString();
            kafka = weir.kafka();
            assertThat(weir.get("/q/health").body()).contains("\"state\": \"Running\"");
            assertThat(weir.stop()).isEqualTo(143);
            assertThat(weir.output()).contains("Weir is ready: kafka " + kafka + ", http " + http + ", data " + data);
            assertThat(data.resolve("meta/endpoints.json")).doesNotExist();
        }
        try (WeirProcess again = WeirProcess.start(data, Map.of())) {
            assertThat(again.http()).hasToString(http);
            assertThat(again.kafka()).isEqualTo(kafka);
        }
    }

    @Test
    void aSecondStartIsRefusedAndTheFirstKeepsServing() {
        try (WeirProcess first = WeirProcess.start(folder, Map.of());
                WeirProcess second = WeirProcess.launch(folder, Map.of())) {
            assertRefused(second, "process " + first.pid() + " runs a node on it", ".weir.lock");
            assertThat(first.get("/q/health/ready").statusCode()).isEqualTo(200);
            assertThat(first.endpoints().path("pid").asLong()).isEqualTo(first.pid());
        }
    }

    @Test
    void anUnknownSettingIsRefusedWithTheNearestName() {
        try (WeirProcess weir = WeirProcess.launch(folder, Map.of("weir.cluster.sise", "3"))) {
            assertRefused(weir, "'weir.cluster.sise'", "Did you mean 'weir.cluster.size'?");
            assertThat(folder.resolve("meta")).doesNotExist();
        }
    }

    @Test
    void aTakenPortIsNamedAndNothingIsFormatted() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            String port = Integer.toString(taken.getLocalPort());
            for (String setting : List.of("weir.log.port", "weir.log.controller.port", "weir.http.port")) {
                Path data = folder.resolve(setting);
                try (WeirProcess weir = WeirProcess.launch(data, Map.of(setting, port))) {
                    assertRefused(weir, "Socket server failed to bind to 127.0.0.1:" + port, setting);
                    assertThat(data.resolve("meta/meta.properties")).doesNotExist();
                }
            }
        }
    }

    @Test
    void aFileAsDataDirectoryIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "not a folder");
        try (WeirProcess weir = WeirProcess.launch(file, Map.of())) {
            assertRefused(weir, "Data directory '" + file + "'", "weir.data.dir");
        }
    }

    @Test
    void aBindBeyondLoopbackIsRefusedWithTwoWaysOut() {
        for (String setting : List.of("weir.log.host", "weir.http.host")) {
            try (WeirProcess weir = WeirProcess.launch(folder.resolve(setting), Map.of(setting, "0.0.0.0"))) {
                assertRefused(weir, "listener: 0.0.0.0", "weir.insecure.allow=true");
            }
        }
    }

    @Test
    void aForeignOriginOrHostGets403OnEveryPath() throws IOException {
        try (WeirProcess weir = WeirProcess.start(folder, Map.of())) {
            for (String path : List.of("/", "/q/health", "/q/metrics", "/v3/clusters")) {
                assertThat(weir.get(path, "Origin", "http://evil.example").statusCode())
                        .as(path)
                        .isEqualTo(403);
                assertThat(RawHttp.status(weir.http(), "GET " + path, "Host: evil.example"))
                        .as(path)
                        .isEqualTo(403);
            }
            assertThat(RawHttp.status(weir.http(), "DELETE /v3/clusters", "Host: evil.example"))
                    .isEqualTo(403);
            assertThat(weir.get("/q/health", "Origin", weir.http().toString()).statusCode())
                    .isEqualTo(200);
            assertThat(weir.get("/", "Origin", "http://evil.example").headers().firstValue("content-type"))
                    .hasValue("application/problem+json");
        }
    }

    @Test
    void whatWasAcknowledgedIsThereAfterAKill() throws Exception {
        ConcurrentLinkedQueue<String> acknowledged = new ConcurrentLinkedQueue<>();
        try (WeirProcess weir = WeirProcess.start(folder, Map.of());
                KafkaProducer<String, String> producer = new KafkaProducer<>(
                        Map.of(
                                "bootstrap.servers",
                                weir.kafka(),
                                "acks",
                                "all",
                                "delivery.timeout.ms",
                                3000,
                                "request.timeout.ms",
                                2000),
                        new StringSerializer(),
                        new StringSerializer())) {
            createTopic(weir, "orders");
            for (int sent = 0; acknowledged.size() < 500; sent++) {
                String value = "record-" + sent;
                producer.send(new ProducerRecord<>("orders", value), (metadata, failure) -> {
                    if (failure == null) {
                        acknowledged.add(value);
                    }
                });
            }
            weir.kill9();
        }
        try (WeirProcess again = WeirProcess.start(folder, Map.of())) {
            assertThat(readAll(again, "orders")).containsAll(acknowledged);
        }
    }

    @Test
    void inExternalModeNoEngineClassIsLoadedAndNoLogIsKept() throws IOException {
        Path elsewhere = folder.resolve("client");
        Path loaded = folder.resolve("classes.log");
        try (WeirProcess broker = WeirProcess.start(folder.resolve("broker"), Map.of());
                ServerSocket free = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"))) {
            int port = free.getLocalPort();
            free.close();
            Map<String, String> settings = Map.of(
                    "weir.log.mode", "external",
                    "weir.log.bootstrap.servers", broker.kafka(),
                    "weir.http.port", Integer.toString(port));
            try (WeirProcess client =
                    WeirProcess.launch(elsewhere, settings, List.of("-Xlog:class+load:file=" + loaded))) {
                HttpRequest ready = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/q/health/ready"))
                        .build();
                Awaitility.await()
                        .atMost(Duration.ofSeconds(60))
                        .ignoreExceptions()
                        .untilAsserted(() -> {
                            HttpResponse<String> answer = client.send(ready);
                            assertThat(answer.statusCode()).isEqualTo(200);
                            assertThat(answer.body()).contains("\"state\": \"Connected\"");
                        });
                assertThat(client.stop()).isEqualTo(143);
            }
        }
        assertThat(elsewhere.resolve("meta")).doesNotExist();
        assertThat(elsewhere.resolve("log")).doesNotExist();
        try (Stream<String> lines = Files.lines(loaded)) {
            assertThat(lines.filter(line -> line.contains(" io.weir.log.engine.") || line.contains(" kafka.server."))
                            .limit(5))
                    .isEmpty();
        }
    }

    private static void createTopic(WeirProcess weir, String topic) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", weir.kafka()))) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    private static Set<String> readAll(WeirProcess weir, String topic) {
        Set<String> values = new HashSet<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", weir.kafka()), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            long end = consumer.endOffsets(List.of(partition)).get(partition);
            Awaitility.await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return consumer.position(partition) >= end;
            });
        }
        return values;
    }

    /// One ERROR line with every phrase, exit code 1, no stack trace.
    private static void assertRefused(WeirProcess weir, String... phrases) {
        assertThat(weir.awaitExit()).as(weir.output()).isEqualTo(1);
        List<String> errors =
                weir.output().lines().filter(line -> line.contains("ERROR")).toList();
        assertThat(errors).as(weir.output()).hasSize(1);
        assertThat(errors.get(0)).contains(phrases);
        assertThat(weir.output()).doesNotContain("\tat ");
    }
}

package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.tiered.store.S3Server;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.s3.S3Client;

/// A packaged node whose archive lies in S3, while S3 is away or refuses it: the node is there and says what
/// is
/// wrong, and goes on by itself when the store is well; then what is archived is verified from the command
/// line.
@EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
class StoreOutageIT {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int RECORDS = 500;

    @TempDir
    private static Path folder;

    @Test
    void aNodeWithoutItsStoreServesWhatIsHotAndSaysWhy() throws Exception {
        int port = S3Server.freePort();
        Path data = folder.resolve("data");
        List<String> written = new ArrayList<>();

        // the server is there, the key is wrong
        try (S3Server server = S3Server.start(folder.resolve("server"), port);
                WeirProcess weir = WeirProcess.start(data, settings(port, S3Server.wrongCredentials(port)))) {
            written.addAll(produce(weir, "outage", RECORDS));
            awaitDegraded(weir, "was refused", "weir.archive.hadoop.fs.s3a.secret.key");
            assertThat(read(weir)).isEqualTo(written);
            assertThat(weir.output()).doesNotContain("not-the-secret-value").doesNotContain("test-access");
            assertThat(weir.get("/q/health/ready").statusCode()).isEqualTo(200);
            weir.stop();
        }

        // the key is right, the server is away
        try (WeirProcess weir = WeirProcess.start(data, settings(port, S3Server.settings(port)))) {
            assertThat(read(weir)).isEqualTo(written);
            awaitDegraded(weir, "cannot be reached", "127.0.0.1:" + port);

            // it appears
            try (S3Server server = S3Server.start(folder.resolve("server-2"), port)) {
                Cli.Result tiered = weir(weir, "tier", "now", "outage", "--timeout", "120", "--json");
                assertThat(tiered.exitCode()).as(tiered.err()).isZero();
                assertThat(read(weir)).isEqualTo(written);
                assertSqlFetchesFilesOnce(weir);
                await().atMost(Duration.ofSeconds(60))
                        .untilAsserted(() -> assertThat(state(weir)).isEqualTo("ok"));
                assertThePageTellsTheMetrics(weir);
                assertAQuietTopicIsArchivedInTime(weir);
                assertATopicCanStayAsItIs(weir, server);
                assertVerified(weir, server);
            }
        }
    }

    private static void assertSqlFetchesFilesOnce(WeirProcess weir) throws Exception {
        String statement = "{\"sql\":\"SELECT count(*), min(_offset), max(_offset) FROM \\\"outage$cold\\\"\"}";
        JsonNode first = JSON.readTree(weir.post("/sql", statement).body());
        JsonNode second = JSON.readTree(weir.post("/sql", statement).body());

        assertThat(first.path("rows").toString()).isEqualTo("[[" + RECORDS + ",0," + (RECORDS - 1) + "]]");
        assertThat(first.path("stats").path("bytesFetched").asLong()).isPositive();
        assertThat(second.path("rows")).isEqualTo(first.path("rows"));
        assertThat(second.path("stats").path("bytesFetched").asLong()).isZero();
    }

    /// Nobody asks for it and its segment is nearly empty; its local copy stays, so that the two can be
    /// compared.
    private static void assertAQuietTopicIsArchivedInTime(WeirProcess weir) throws Exception {
        List<String> values = produce(weir, "quiet", 10);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            JsonNode lag = JSON.readTree(weir.get("/archive/quiet").body()).path("lag");
            assertThat(lag.path(0).path("tieredTo").asInt()).isEqualTo(values.size());
        });
        Cli.Result deep = weir(weir, "verify", "quiet", "--level", "deep", "--json");
        assertThat(deep.exitCode()).as(deep.err()).isZero();
        assertThat(deep.json().path("comparedRecords").asInt()).isEqualTo(values.size());
        Cli.Result status = weir(weir, "tier", "status", "quiet");
        assertThat(status.out()).contains("0..9").contains(".parquet").contains("RECORDS BEHIND");
    }

    /// Both kinds of segments in one partition; SQL says which offsets it cannot see.
    private static void assertATopicCanStayAsItIs(WeirProcess weir, S3Server server) throws Exception {
        List<String> written = new ArrayList<>(produce(weir, "mixed", 10));
        assertThat(weir(weir, "tier", "now", "mixed").exitCode()).isZero();
        Cli.Result altered =
                weir(weir, "topic", "alter", "mixed", "--lake.mode", "classic", "--lake.freshness", "10m", "--json");
        assertThat(altered.json().path("lake.mode").asText()).as(altered.err()).isEqualTo("classic");
        assertThat(altered.json().path("lake.freshness").asText()).isEqualTo("PT10M");
        // told to the broker's plugin within a look at the topics
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            written.addAll(append(weir, "mixed", 10));
            assertThat(weir(weir, "tier", "now", "mixed").exitCode()).isZero();
            assertThat(server.keys("weir/")).anyMatch(key -> key.endsWith(".segment"));
        });

        assertThat(read(weir, "mixed", written.size())).isEqualTo(written);
        assertThat(weir(weir, "verify", "mixed", "--level", "rows").exitCode()).isZero();
        Cli.Result sql = weir(weir, "sql", "SELECT count(*) FROM mixed");
        assertThat(sql.exitCode()).isNotZero();
        assertThat(sql.err()).contains("lake.mode=classic");
        assertThat(weir(weir, "topic", "alter", "mixed", "--lake.mode", "clasic")
                        .exitCode())
                .isEqualTo(2);
        assertThat(weir(weir, "topic", "alter", "mixed", "--reset", "lake.mode", "--json")
                        .json()
                        .has("lake.mode"))
                .isFalse();
    }

    private static void assertThePageTellsTheMetrics(WeirProcess weir) {
        await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
            String metrics = weir.get("/q/metrics").body();
            Set<String> exported = MetricsPage.exported(metrics);
            Set<String> missing = new TreeSet<>(MetricsPage.names());
            missing.removeAll(exported);
            missing.removeAll(MetricsPage.sometimes());
            assertThat(missing).as("on the page, not exported").isEmpty();
            assertThat(MetricsPage.names()).as("exported, not on the page").containsAll(exported);
            assertThat(metrics)
                    .containsPattern("weir_tier_records_total\\{topic=\"outage\"[^}]*} 500")
                    .containsPattern("weir_tier_lag_records\\{topic=\"outage\"[^}]*} 0");
        });
    }

    private static void assertVerified(WeirProcess weir, S3Server server) throws Exception {
        Cli.Result clean = weir(weir, "verify", "outage", "--level", "deep", "--json");
        assertThat(clean.exitCode()).as(clean.err()).isZero();
        assertThat(clean.json().path("state").asText()).isEqualTo("CLEAN");
        assertThat(clean.json().path("records").asLong()).isEqualTo(RECORDS);

        String data = server.keys("weir/").stream()
                .filter(key -> key.contains("/outage-") && key.endsWith(".parquet"))
                .findFirst()
                .orElseThrow();
        try (S3Client client = server.client()) {
            client.deleteObject(request -> request.bucket(S3Server.BUCKET).key(data));
        }
        Cli.Result damaged = weir(weir, "verify", "--json");
        assertThat(damaged.exitCode()).isEqualTo(1);
        JsonNode finding = damaged.json().path("findings").path(0);
        assertThat(finding.path("object").asText()).endsWith(data);
        assertThat(finding.path("topic").asText()).isEqualTo("outage");
        assertThat(finding.path("firstOffset").asLong()).isZero();
        assertThat(weir(weir, "verify", "no-such-topic").exitCode()).isEqualTo(2);

        HttpResponse<String> orphans = weir.post("/archive/orphans", "");
        assertThat(orphans.statusCode()).isEqualTo(200);
        assertThat(JSON.readTree(orphans.body()).path("orphans")).isEmpty();
    }

    private static Map<String, String> settings(int port, Map<String, String> hadoop) {
        Map<String, String> settings = new HashMap<>();
        settings.put("weir.archive.uri", "s3a://" + S3Server.BUCKET + "/weir");
        settings.put("weir.archive.store.backoff", "2s");
        settings.put("weir.lake.freshness", "3s");
        hadoop.forEach((name, value) -> settings.put("weir.archive.hadoop." + name, value));
        return settings;
    }

    private static void awaitDegraded(WeirProcess weir, String... reasons) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            HttpResponse<String> health = weir.get("/q/health");
            assertThat(health.statusCode()).isEqualTo(200);
            JsonNode archive = archive(health);
            assertThat(archive.path("data").path("state").asText()).isEqualTo("degraded");
            assertThat(archive.path("data").path("store").asText()).contains(reasons);
        });
    }

    private static String state(WeirProcess weir) throws Exception {
        return archive(weir.get("/q/health")).path("data").path("state").asText();
    }

    private static JsonNode archive(HttpResponse<String> health) throws Exception {
        for (JsonNode check : JSON.readTree(health.body()).path("checks")) {
            if (check.path("name").asText().equals("archive")) {
                return check;
            }
        }
        throw new AssertionError(health.body());
    }

    private static Cli.Result weir(WeirProcess weir, String... arguments) throws Exception {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--server", weir.http().toString()));
        return Cli.run(all.toArray(String[]::new));
    }

    private static List<String> produce(WeirProcess weir, String topic, int records) throws Exception {
        assertThat(weir(weir, "topic", "create", topic, "--partitions", "1").exitCode())
                .isZero();
        return append(weir, topic, records);
    }

    private static List<String> append(WeirProcess weir, String topic, int records) throws Exception {
        List<String> values = new ArrayList<>();
        try (KafkaProducer<String, String> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", weir.kafka()), new StringSerializer(), new StringSerializer())) {
            for (int i = 0; i < records; i++) {
                String value = "{\"n\":" + i + "}";
                values.add(value);
                producer.send(new ProducerRecord<>(topic, 0, "k" + i, value)).get();
            }
        }
        return values;
    }

    private static List<String> read(WeirProcess weir) {
        return read(weir, "outage", RECORDS);
    }

    private static List<String> read(WeirProcess weir, String topic, int records) {
        List<String> values = new ArrayList<>();
        TopicPartition partition = new TopicPartition(topic, 0);
        try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
                Map.of("bootstrap.servers", weir.kafka()), new StringDeserializer(), new StringDeserializer())) {
            consumer.assign(List.of(partition));
            consumer.seekToBeginning(List.of(partition));
            await().atMost(Duration.ofSeconds(60)).until(() -> {
                consumer.poll(Duration.ofMillis(200)).forEach(record -> values.add(record.value()));
                return values.size() >= records;
            });
        }
        return values;
    }
}

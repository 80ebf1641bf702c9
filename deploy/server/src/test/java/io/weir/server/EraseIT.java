package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.tiered.failpoint.Failpoint;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// `./weir erase` on a packaged node: what was asked to go is gone for every reader, everything else is where
/// it was,
/// and no consumer waits for what is not there any more.
class EraseIT {
    private static final Map<String, Object> COMMITTED = Map.of("isolation.level", "read_committed");
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final int HALTED = 86;
    private static final Map<String, String> SETTINGS = Map.of(
            "weir.lake.commit.interval", "500ms",
            "kafka.log.retention.check.interval.ms", "500",
            "kafka.log.initial.task.delay.ms", "500",
            "kafka.remote.log.manager.task.interval.ms", "500");

    @TempDir
    private Path folder;

    private static String value(String who, int number) {
        return "{\"who\":\"" + who + "\",\"n\":" + number + ",\"text\":\"" + "x".repeat(number % 50) + "\"}";
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /// Five batches in a transaction each: of ann and bob in turns, of ann alone, aborted by ann, of bob
    /// alone, of both.
    ///
    /// @return what a committed reader reads
    private static Map<Long, String> fill(WeirProcess node) throws Exception {
        Api api = new Api(node.http());
        ObjectNode body =
                Api.JSON.createObjectNode().put("topic_name", "people").put("partitions_count", 1);
        String cluster =
                api.get("/v3/clusters").path("data").path(0).path("cluster_id").asText();
        api.post("/v3/clusters/" + cluster + "/topics", body);
        return more(node);
    }

    private static Map<Long, String> more(WeirProcess node) throws Exception {
        Map<Long, String> committed = new TreeMap<>();
        List<List<String>> transactions =
                List.of(List.of("ann", "bob"), List.of("ann"), List.of("ann"), List.of("bob"), List.of("bob", "ann"));
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of(
                        "bootstrap.servers",
                        node.kafka(),
                        "transactional.id",
                        "people",
                        "linger.ms",
                        200,
                        "compression.type",
                        "lz4"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            int number = 0;
            for (int t = 0; t < transactions.size(); t++) {
                producer.beginTransaction();
                List<String> values = new ArrayList<>();
                List<Future<RecordMetadata>> acks = new ArrayList<>();
                for (int i = 0; i < 100; i++) {
                    String who = transactions.get(t).get(i % transactions.get(t).size());
                    values.add(value(who, number++));
                    acks.add(producer.send(
                            new ProducerRecord<>("people", 0, 1_000L + number, bytes(who), bytes(values.getLast()))));
                }
                producer.flush();
                boolean aborted = t == 2;
                for (int i = 0; i < acks.size(); i++) {
                    if (!aborted) {
                        committed.put(acks.get(i).get().offset(), values.get(i));
                    }
                }
                if (aborted) {
                    producer.abortTransaction();
                } else {
                    producer.commitTransaction();
                }
            }
        }
        return committed;
    }

    private static void aborted(WeirProcess node, String who, int number) {
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", node.kafka(), "transactional.id", "people"),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            producer.initTransactions();
            producer.beginTransaction();
            Future<RecordMetadata> unused =
                    producer.send(new ProducerRecord<>("people", 0, 1_000L, bytes(who), bytes(value(who, number))));
            producer.flush();
            producer.abortTransaction();
        }
    }

    private static Map<Long, String> without(Map<Long, String> records, String who) {
        Map<Long, String> left = new TreeMap<>(records);
        left.values().removeIf(value -> value.contains("\"who\":\"" + who + "\""));
        return left;
    }

    private static void assertEveryReaderReads(WeirProcess node, Map<Long, String> expected) throws Exception {
        Api api = new Api(node.http());
        // a consumer comes to the end across batches of which nothing is left
        assertThat(LogRows.read(node.kafka(), "people", COMMITTED))
                .as("the log")
                .isEqualTo(expected);
        Awaitility.await("the table")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(LogRows.table(node.http(), "people"))
                        .containsExactlyElementsOf(LogRows.rows(expected)));
        JsonNode counted =
                api.post("/sql", Api.JSON.createObjectNode().put("sql", "SELECT count(*), sum(_offset) FROM people"));
        long sum = expected.keySet().stream().mapToLong(Long::longValue).sum();
        assertThat(counted.path("rows").path(0)).hasToString("[" + expected.size() + "," + sum + "]");
    }

    private static void assertVerified(WeirProcess node) throws Exception {
        Cli.Result verified = Cli.run(
                "verify", "people", "--level", "deep", "--server", node.http().toString());
        assertThat(verified.exitCode()).as(verified.out() + verified.err()).isZero();
    }

    private List<Path> dataFiles() throws IOException {
        try (Stream<Path> files = Files.walk(folder.resolve("data/archive"))) {
            return files.filter(file -> file.toString().endsWith(".parquet")).toList();
        }
    }

    @Test
    void aKeyIsGoneFromLogAndTableAndNoConsumerWaits() throws Exception {
        try (WeirProcess node = WeirProcess.start(folder.resolve("data"), SETTINGS)) {
            Map<Long, String> committed = fill(node);
            Api api = new Api(node.http());
            api.post("/archive/people/tier", null);
            Awaitility.await("rows in the table")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() ->
                            assertThat(LogRows.table(node.http(), "people")).hasSize(committed.size()));
            assertEveryReaderReads(node, committed);
            List<Path> before = dataFiles();

            // When: the whole of ann, by key
            Cli.Result erased = Cli.run(
                    "erase",
                    "people",
                    "--key",
                    "ann",
                    "--yes",
                    "--json",
                    "--server",
                    node.http().toString());

            // Then
            assertThat(erased.exitCode()).as(erased.out() + erased.err()).isZero();
            JsonNode receipt = Api.JSON.readTree(erased.out());
            assertThat(receipt.path("state").asText()).isEqualTo("PURGED");
            // 200 of three transactions, and the 100 that were aborted
            assertThat(receipt.path("records").asLong()).isEqualTo(300);
            assertThat(erased.out()).doesNotContain("ann");
            assertEveryReaderReads(node, without(committed, "ann"));
            assertThat(LogRows.read(node.kafka(), "people", Map.of()).values())
                    .allSatisfy(value -> assertThat(value).doesNotContain("ann"));
            assertThat(dataFiles()).isNotEmpty().doesNotContainAnyElementsOf(before);
            assertVerified(node);

            // and a part of bob, by what stands in his records, those of a transaction that was aborted as well
            aborted(node, "bob", 1);
            Cli.Result part = Cli.run(
                    "erase",
                    "people",
                    "--where",
                    "who = 'bob' AND n % 2 = 1 -- odd ones",
                    "--yes",
                    "--server",
                    node.http().toString());
            assertThat(part.exitCode()).as(part.out() + part.err()).isZero();
            assertThat(LogRows.read(node.kafka(), "people", Map.of()).values())
                    .allSatisfy(value -> assertThat(number(value) % 2).isZero());
            Map<Long, String> left = without(committed, "ann");
            left.values().removeIf(value -> number(value) % 2 == 1);
            assertThat(left).isNotEmpty();
            assertEveryReaderReads(node, left);
            assertVerified(node);

            // and what cannot be is told
            Cli.Result wrong = Cli.run(
                    "erase",
                    "people",
                    "--where",
                    "nobody = 1",
                    "--yes",
                    "--server",
                    node.http().toString());
            assertThat(wrong.exitCode()).isNotZero();
            assertThat(wrong.err()).contains("nobody");
            assertEveryReaderReads(node, left);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void aKeyIsGoneFromAFileThatSegmentsShare() throws Exception {
        Map<String, String> settings = new HashMap<>(SETTINGS);
        settings.put("weir.lake.upkeep.interval", "1s");
        settings.put("weir.lake.compaction.files", "2");
        try (WeirProcess node = WeirProcess.start(folder.resolve("data"), settings)) {
            // Given: two segments, one file
            Api api = new Api(node.http());
            Map<Long, String> committed = fill(node);
            tier(api);
            Map<Long, String> later = more(node);
            committed.putAll(later);
            tier(api);
            Awaitility.await("one file").atMost(PATIENCE).ignoreExceptions().untilAsserted(() -> {
                assertThat(LogRows.table(node.http(), "people")).hasSize(committed.size());
                assertThat(LogRows.files(node.http(), "people")).hasSize(1);
            });
            assertEveryReaderReads(node, committed);

            // When: bob of the later segment only
            long from = later.keySet().iterator().next();
            Cli.Result erased = Cli.run(
                    "erase",
                    "people",
                    "--where",
                    "who = 'bob' AND _offset >= " + from,
                    "--yes",
                    "--server",
                    node.http().toString());

            // Then
            assertThat(erased.exitCode()).as(erased.out() + erased.err()).isZero();
            Map<Long, String> left = new TreeMap<>(committed);
            left.entrySet()
                    .removeIf(each -> each.getKey() >= from && each.getValue().contains("\"who\":\"bob\""));
            assertThat(left).hasSizeLessThan(committed.size());
            assertEveryReaderReads(node, left);
            assertVerified(node);
            // nobody lists the file of before any more
            assertThat(dataFiles())
                    .allSatisfy(
                            file -> assertThat(file.getFileName().toString()).contains("-x"));
        }
    }

    private static void tier(Api api) {
        api.post("/archive/people/tier", null);
        Awaitility.await("the archive to hold everything")
                .atMost(PATIENCE)
                .until(() ->
                        api.get("/archive/people/tier").path("state").asText().equals("DONE"));
    }

    private static int number(String value) {
        return Integer.parseInt(value.replaceFirst(".*\"n\":(\\d+),.*", "$1"));
    }

    @ParameterizedTest
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    @EnumSource(names = {"BEFORE_ERASE_COMMIT", "AFTER_ERASE_COMMIT"})
    void anEraseThatWasCutOffGoesOn(Failpoint point) throws Exception {
        Map<Long, String> committed;
        try (WeirProcess doomed = WeirProcess.launch(
                folder.resolve("data"), SETTINGS, List.of(), Map.of("WEIR_FAILPOINT", point.label()))) {
            doomed.awaitReady();
            committed = fill(doomed);
            Api api = new Api(doomed.http());
            api.post("/archive/people/erase", Api.JSON.createObjectNode().put("key", "ann"));
            assertThat(doomed.awaitExit()).as(doomed.output()).isEqualTo(HALTED);
        }
        try (WeirProcess node = WeirProcess.start(folder.resolve("data"), SETTINGS)) {
            Api api = new Api(node.http());
            Awaitility.await("the erase to go on")
                    .atMost(PATIENCE)
                    .ignoreExceptions()
                    .untilAsserted(() -> {
                        JsonNode request =
                                api.get("/archive/erase").path("requests").path(0);
                        assertThat(request.path("state").asText()).isEqualTo("PURGED");
                        assertThat(request.path("records").asLong()).isEqualTo(300);
                    });
            assertEveryReaderReads(node, without(committed, "ann"));
            assertVerified(node);
            try (ArchiveFolder archive = new ArchiveFolder(node, folder.resolve("staging"))) {
                archive.sweep();
                assertThat(archive.orphans()).isEmpty();
            }
            assertEveryReaderReads(node, without(committed, "ann"));
        }
    }
}

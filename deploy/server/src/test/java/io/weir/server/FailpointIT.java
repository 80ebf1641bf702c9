package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.CliFailure;
import io.weir.tiered.failpoint.Failpoint;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// A node that dies between any two steps of the way into the archive: after its restart nothing is lost,
/// nothing is
/// in the table twice, and once the janitor has been there no object is left over.
class FailpointIT {
    /// Exit code of a node that its failpoint has ended.
    private static final int HALTED = 86;

    private static final int RECORDS = 4_000;
    private static final Duration PATIENCE = Duration.ofSeconds(90);
    private static final Set<Failpoint> ON_THE_WAY_OUT = Set.of(Failpoint.BEFORE_DELETE, Failpoint.AFTER_DELETE);
    private static final Set<Failpoint> WHEN_FILES_BECOME_ONE = Set.of(
            Failpoint.AFTER_COMPACTION_UPLOAD, Failpoint.BEFORE_COMPACTION_COMMIT, Failpoint.AFTER_COMPACTION_COMMIT);
    private static final Map<String, String> SETTINGS = Map.of(
            "weir.lake.commit.interval", "500ms",
            "weir.lake.upkeep.interval", "1s",
            "weir.lake.compaction.files", "2",
            "kafka.log.retention.check.interval.ms", "500",
            "kafka.log.initial.task.delay.ms", "500",
            "kafka.remote.log.manager.task.interval.ms", "500");

    @TempDir
    private Path folder;

    @ParameterizedTest
    @EnumSource(names = "AFTER_COMMIT")
    void afterAHaltEverythingIsThereOnce(Failpoint point) throws Exception {
        afterAHalt(point);
    }

    @ParameterizedTest
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    @EnumSource(
            names = {
                "BEFORE_UPLOAD",
                "AFTER_UPLOAD",
                "AFTER_SIDECAR",
                "BEFORE_COMMIT",
                "BEFORE_LOCAL_DELETE",
                "AFTER_LOCAL_DELETE",
                "BEFORE_DELETE",
                "AFTER_DELETE",
                "AFTER_COMPACTION_UPLOAD",
                "BEFORE_COMPACTION_COMMIT",
                "AFTER_COMPACTION_COMMIT"
            })
    void afterAHaltAtAnyOtherStepEverythingIsThereOnce(Failpoint point) throws Exception {
        afterAHalt(point);
    }

    private void afterAHalt(Failpoint point) throws Exception {
        long from = ON_THE_WAY_OUT.contains(point) ? RECORDS / 2 : 0;
        try (WeirProcess doomed = WeirProcess.launch(
                folder.resolve("data"), SETTINGS, List.of(), Map.of("WEIR_FAILPOINT", point.label()))) {
            doomed.awaitReady();
            fill(doomed);
            tierUntilItDies(doomed, from);
            assertThat(doomed.awaitExit()).as(doomed.output()).isEqualTo(HALTED);
        }
        try (WeirProcess node = WeirProcess.start(folder.resolve("data"), SETTINGS)) {
            Api api = new Api(node.http());
            tier(api);
            if (from > 0) {
                deleteBelow(node, from);
            }
            assertEverythingIsThereOnce(node, api, from);
            if (WHEN_FILES_BECOME_ONE.contains(point)) {
                Awaitility.await("the compaction to be finished")
                        .atMost(PATIENCE)
                        .untilAsserted(() -> assertThat(LogRows.files(node.http(), "orders"))
                                .singleElement()
                                .asString()
                                .contains("-to-"));
                assertEverythingIsThereOnce(node, api, from);
            }
            try (ArchiveFolder archive = new ArchiveFolder(node, folder.resolve("staging"))) {
                archive.sweep();
                assertThat(archive.orphans()).isEmpty();
            }
            assertEverythingIsThereOnce(node, api, from);
        }
    }

    private static byte[] value(int number) {
        return ("{\"n\":" + number + ",\"text\":\"" + "x".repeat(number % 997) + "\"}").getBytes();
    }

    private static void fill(WeirProcess node) throws Exception {
        Api api = new Api(node.http());
        ObjectNode body =
                Api.JSON.createObjectNode().put("topic_name", "orders").put("partitions_count", 1);
        ArrayNode configs = body.putArray("configs");
        // several segments, none of them archived before all are written
        configs.addObject().put("name", "segment.bytes").put("value", "1048576");
        configs.addObject().put("name", "remote.storage.enable").put("value", "false");
        String cluster =
                api.get("/v3/clusters").path("data").path(0).path("cluster_id").asText();
        api.post("/v3/clusters/" + cluster + "/topics", body);
        try (KafkaProducer<byte[], byte[]> producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", node.kafka(), "batch.size", 4096, "linger.ms", 5),
                new ByteArraySerializer(),
                new ByteArraySerializer())) {
            List<Future<RecordMetadata>> acks = new ArrayList<>();
            for (int i = 0; i < RECORDS; i++) {
                acks.add(producer.send(
                        new ProducerRecord<>("orders", 0, 1_000_000L + i, ("k" + i % 10).getBytes(), value(i))));
            }
            for (Future<RecordMetadata> ack : acks) {
                ack.get();
            }
        }
    }

    /// The node may be gone before it answers.
    private static void tierUntilItDies(WeirProcess node, long from) throws Exception {
        try {
            Api api = new Api(node.http());
            api.post("/archive/orders/tier", null);
            if (from > 0) {
                tier(api);
                Awaitility.await("rows in the table")
                        .atMost(PATIENCE)
                        .until(() -> committed(api) == RECORDS || !node.isAlive());
                deleteBelow(node, from);
            }
        } catch (CliFailure | ExecutionException e) {
            System.out.println("The node is gone: " + e.getMessage());
        }
    }

    private static long committed(Api api) {
        return api.get("/archive/orders")
                .path("table")
                .path("offsets")
                .path("0")
                .asLong();
    }

    private static void tier(Api api) {
        api.post("/archive/orders/tier", null);
        Awaitility.await("the archive to hold everything")
                .atMost(PATIENCE)
                .until(() ->
                        api.get("/archive/orders/tier").path("state").asText().equals("DONE"));
    }

    private static void deleteBelow(WeirProcess node, long offset) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", node.kafka()))) {
            admin.deleteRecords(Map.of(new TopicPartition("orders", 0), RecordsToDelete.beforeOffset(offset)))
                    .all()
                    .get();
        }
    }

    private static void assertEverythingIsThereOnce(WeirProcess node, Api api, long from) throws Exception {
        Map<Long, String> expected = new TreeMap<>();
        for (int i = (int) from; i < RECORDS; i++) {
            expected.put((long) i, new String(value(i)));
        }
        assertThat(LogRows.read(node.kafka(), "orders", Map.of())).as("the log").isEqualTo(expected);
        Awaitility.await("the table to be brought up")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(committed(api)).isEqualTo(RECORDS));
        Awaitility.await("what the log dropped to leave the table")
                .atMost(PATIENCE)
                .untilAsserted(() -> assertThat(
                                LogRows.table(node.http(), "orders").stream().filter(row -> row.offset() >= from))
                        .as("rows of the table, each once")
                        .containsExactlyElementsOf(LogRows.rows(expected)));
        JsonNode counted = api.post(
                "/sql",
                Api.JSON.createObjectNode().put("sql", "SELECT count(*), count(DISTINCT _offset), sum(n) FROM orders"));
        long sum = expected.keySet().stream().mapToLong(Long::longValue).sum();
        assertThat(counted.path("rows").path(0))
                .hasToString("[" + expected.size() + "," + expected.size() + "," + sum + "]");
    }
}

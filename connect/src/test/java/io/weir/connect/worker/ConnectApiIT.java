package io.weir.connect.worker;

import static io.weir.connect.worker.WorkerOnNode.CLIENT;
import static io.weir.connect.worker.WorkerOnNode.bytes;
import static io.weir.connect.worker.WorkerOnNode.json;
import static io.weir.connect.worker.WorkerOnNode.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Kafka Connect's endpoints on a real node, with Kafka's own file connectors.
class ConnectApiIT {
    private static final String SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector";
    private static final String SINK = "org.apache.kafka.connect.file.FileStreamSinkConnector";

    @TempDir
    static Path folder;

    private static WorkerOnNode rig;

    @BeforeAll
    static void startNodeAndWorker() {
        rig = WorkerOnNode.start(folder.resolve("data"));
        assertThat(rig.api().connectors(List.of()).status())
                .as("a request while the worker starts waits for it")
                .isEqualTo(200);
        rig.awaitReady();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private ConnectApi api() {
        return rig.api();
    }

    private Reply createSource(String name, Path file, String topic, String more) {
        return api().create(
                        CLIENT,
                        bytes("{'name':'" + name + "','config':{'connector.class':'" + SOURCE + "','file':'" + file
                                + "','topic':'" + topic + "','value.converter':"
                                + "'org.apache.kafka.connect.storage.StringConverter'" + more + "}}"));
    }

    private Reply createSink(String name, Path file, String topic) {
        return api().create(
                        CLIENT,
                        bytes("{'name':'" + name + "','config':{'connector.class':'" + SINK + "','file':'" + file
                                + "','topics':'" + topic
                                + "','value.converter':'org.apache.kafka.connect.storage.StringConverter'}}"));
    }

    private void awaitState(String name, String state, int tasks) {
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Reply status = api().status(name);
            assertThat(status.status()).as(status.toString()).isEqualTo(200);
            assertThat(json(status).at("/connector/state").asText()).isEqualTo(state);
            assertThat(json(status).get("tasks")).as(status.toString()).hasSize(tasks);
            json(status)
                    .get("tasks")
                    .forEach(task -> assertThat(task.get("state").asText()).isEqualTo(state));
        });
    }

    @Test
    void rootTellsVersionCommitAndClusterInThisOrder() {
        Reply root = api().root();

        assertThat(root.status()).isEqualTo(200);
        assertThat(json(root).fieldNames()).toIterable().containsExactly("version", "commit", "kafka_cluster_id");
        assertThat(json(root).get("version").asText()).isEqualTo("4.3.1");
        assertThat(json(root).get("kafka_cluster_id").asText())
                .isEqualTo(rig.connection().clusterId());
    }

    @Test
    void aFileFlowsThroughALogIntoAFileAndItsOffsetsCanBeReadAlteredAndReset() throws IOException {
        Path in = folder.resolve("in.txt");
        Path out = folder.resolve("out.txt");
        Files.writeString(in, "one\ntwo\nthree\n");

        Reply created = createSource("lines", in, "lines", "");
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        assertThat(created.headers()).containsEntry("Location", "/connectors/lines");
        assertThat(json(created).fieldNames()).toIterable().containsExactly("name", "config", "tasks", "type");
        assertThat(json(created).get("type").asText()).isEqualTo("source");
        assertThat(createSource("lines", in, "lines", "").status()).as("exists").isEqualTo(409);
        assertThat(createSink("lines-out", out, "lines").status()).isEqualTo(201);
        awaitState("lines", "RUNNING", 1);
        awaitState("lines-out", "RUNNING", 1);
        await().atMost(Duration.ofSeconds(60))
                .untilAsserted(() -> assertThat(Files.readAllLines(out)).containsExactly("one", "two", "three"));

        JsonNode sourceOffsets = json(api().offsets("lines"));
        assertThat(sourceOffsets.at("/offsets/0/partition/filename").asText()).isEqualTo(in.toString());
        assertThat(sourceOffsets.at("/offsets/0/offset/position").asLong()).isEqualTo(14);
        await().atMost(Duration.ofSeconds(60)).untilAsserted(() -> {
            Reply sinkOffsets = api().offsets("lines-out");
            assertThat(sinkOffsets.status()).as(sinkOffsets.toString()).isEqualTo(200);
            assertThat(json(sinkOffsets).at("/offsets/0/partition/kafka_topic").asText())
                    .isEqualTo("lines");
            assertThat(json(sinkOffsets).at("/offsets/0/offset/kafka_offset").asLong())
                    .isGreaterThanOrEqualTo(3);
        });

        assertThat(api().resetOffsets(CLIENT, "lines-out").status())
                .as("only when stopped")
                .isEqualTo(400);
        assertThat(api().stop(CLIENT, "lines-out").status()).isEqualTo(204);
        awaitState("lines-out", "STOPPED", 0);
        Reply altered = api().alterOffsets(
                        CLIENT,
                        "lines-out",
                        bytes("{'offsets':[{'partition':{'kafka_topic':'lines','kafka_partition':0},"
                                + "'offset':{'kafka_offset':1}}]}"));
        assertThat(altered.status()).as(altered.toString()).isEqualTo(200);
        assertThat(json(altered).fieldNames()).toIterable().containsExactly("message");
        assertThat(json(api().offsets("lines-out"))
                        .at("/offsets/0/offset/kafka_offset")
                        .asLong())
                .isEqualTo(1);
        assertThat(api().alterOffsets(CLIENT, "lines-out", bytes("{}")).status())
                .as("no offsets named")
                .isEqualTo(400);
        Reply reset = api().resetOffsets(CLIENT, "lines-out");
        assertThat(reset.status()).as(reset.toString()).isEqualTo(200);
        assertThat(json(api().offsets("lines-out")).get("offsets")).isEmpty();

        assertThat(api().stop(CLIENT, "lines").status()).isEqualTo(204);
        awaitState("lines", "STOPPED", 0);
        Reply sourceReset = api().resetOffsets(CLIENT, "lines");
        assertThat(sourceReset.status()).as(sourceReset.toString()).isEqualTo(200);
        assertThat(json(api().offsets("lines")).get("offsets")).isEmpty();
        assertThat(json(api().topics("lines")).at("/lines/topics/0").asText()).isEqualTo("lines");
        assertThat(api().delete(CLIENT, "lines").status()).isEqualTo(204);
        assertThat(api().delete(CLIENT, "lines-out").status()).isEqualTo(204);
        await().atMost(Duration.ofSeconds(20))
                .untilAsserted(
                        () -> assertThat(api().connector("lines").status()).isEqualTo(404));
    }

    @Test
    void badRequestsAreRefusedInConnectsFormAndNothingIsStored() {
        String unknown = "{'name':'bad','config':{'connector.class':'FileStreamSorce','file':'x','topic':'t'}}";
        assertThat(text(api().create(CLIENT, bytes(unknown))))
                .contains("{\"error_code\":400,\"message\":\"Connector plugin 'FileStreamSorce': is not installed")
                .contains("Did you mean 'FileStreamSource'?");
        assertThat(text(api().create(CLIENT, bytes("{'name':'bad','config':{'database.password':'geheim'}}"))))
                .contains("error_code\":400", "connector.class")
                .doesNotContain("geheim");
        assertThat(text(api().create(CLIENT, bytes("{'name':'bad','config':{'connector.class':'" + SOURCE + "'}}"))))
                .contains("error_code\":400", "Missing required configuration \\\"topic\\\"");
        assertThat(text(api().create(CLIENT, bytes("{'name':'bad'}")))).contains("error_code\":400", "'config'");
        assertThat(text(api().create(CLIENT, bytes("{'name':")))).contains("error_code\":400", "line 1");
        assertThat(text(api().putConfig(CLIENT, "bad", bytes("{'name':'other','connector.class':'" + SOURCE + "'}"))))
                .contains("error_code\":400", "doesn't match");
        assertThat(text(api().create(
                                CLIENT,
                                bytes("{'name':'bad','config':{'connector.class':'" + SOURCE
                                        + "','topic':'t','file':'x',"
                                        + "'producer.override.sasl.jaas.config':'evil'}}"))))
                .contains("error_code\":400", "sasl.jaas.config");
        assertThat(text(api().create(
                                CLIENT,
                                bytes("{'name':'bad','config':{'connector.class':'" + SOURCE
                                        + "','topic':'t','file':'x','database.password':'******'}}"))))
                .contains("error_code\":400", "database.password", "nothing is stored");

        assertThat(api().connector("bad").status()).isEqualTo(404);
        assertThat(api().connectors(List.of()).toString()).doesNotContain("bad");
    }

    @Test
    void aSecretNeverLeavesAndComesBackWhenItsMaskIsWritten() throws IOException {
        Path file = Files.writeString(folder.resolve("secret.txt"), "x\n");
        Reply created = createSource("secret", file, "secret", ",'database.password':'geheim-1'");
        assertThat(created.status()).as(created.toString()).isEqualTo(201);
        awaitState("secret", "RUNNING", 1);

        for (Reply reply : List.of(
                created,
                api().connector("secret"),
                api().config("secret"),
                api().tasks("secret"),
                api().connectors(List.of("info")))) {
            assertThat(reply.toString()).contains("******").doesNotContain("geheim");
        }

        Reply written = api().putConfig(CLIENT, "secret", api().config("secret").body());
        assertThat(written.status()).as(written.toString()).isEqualTo(200);
        assertThat(written.toString()).doesNotContain("geheim");
        assertThat(storedConfig("secret")).containsEntry("database.password", "geheim-1");

        Reply patched = api().patchConfig(CLIENT, "secret", bytes("{'database.password':'******','tasks.max':1}"));
        assertThat(patched.status()).as(patched.toString()).isEqualTo(200);
        assertThat(storedConfig("secret"))
                .containsEntry("database.password", "geheim-1")
                .containsEntry("tasks.max", "1");

        Reply removed = api().patchConfig(CLIENT, "secret", bytes("{'database.password':null}"));
        assertThat(removed.status()).as(removed.toString()).isEqualTo(200);
        assertThat(storedConfig("secret")).doesNotContainKey("database.password");
        assertThat(api().delete(CLIENT, "secret").status()).isEqualTo(204);
    }

    private Map<String, String> storedConfig(String name) {
        await().atMost(Duration.ofSeconds(20)).until(() -> rig.worker().ready().isPresent());
        return rig.worker().ready().orElseThrow().herder().connectorInfo(name).config();
    }

    @Test
    void pauseResumeStopAndRestartDoWhatTheySay() throws IOException {
        Path file = Files.writeString(folder.resolve("life.txt"), "1\n");
        assertThat(createSource("life/1", file, "life", "").headers())
                .containsEntry("Location", "/connectors/life%2F1");
        awaitState("life/1", "RUNNING", 1);

        assertThat(api().pause("life/1").status()).isEqualTo(202);
        awaitState("life/1", "PAUSED", 1);
        assertThat(api().resume("life/1").status()).isEqualTo(202);
        awaitState("life/1", "RUNNING", 1);
        assertThat(api().restart(CLIENT, new ConnectApi.Restart("life/1", false, false))
                        .status())
                .isEqualTo(204);
        awaitState("life/1", "RUNNING", 1);
        Reply restarted = api().restart(CLIENT, new ConnectApi.Restart("life/1", false, true));
        assertThat(restarted.status()).isEqualTo(202);
        assertThat(json(restarted).at("/connector/state").asText()).isEqualTo("RESTARTING");
        awaitState("life/1", "RUNNING", 1);
        assertThat(api().restartTask(CLIENT, "life/1", 0).status()).isEqualTo(204);
        awaitState("life/1", "RUNNING", 1);
        assertThat(json(api().taskStatus("life/1", 0)).fieldNames())
                .toIterable()
                .containsExactlyInAnyOrder("id", "state", "worker_id", "version");
        assertThat(api().taskStatus("life/1", 7).status()).isEqualTo(404);
        assertThat(api().stop(CLIENT, "life/1").status()).isEqualTo(204);
        awaitState("life/1", "STOPPED", 0);
        assertThat(api().resume("life/1").status()).isEqualTo(202);
        awaitState("life/1", "RUNNING", 1);
        assertThat(api().delete(CLIENT, "life/1").status()).isEqualTo(204);
    }

    @Test
    void aSinkWithDeadLettersRunsOnANodeAlone() {
        Reply created = api().create(
                        CLIENT,
                        bytes("{'name':'letters','config':{'connector.class':'" + SINK
                                + "','topics':'letters-in','file':'"
                                + folder.resolve("letters.txt") + "','errors.tolerance':'all',"
                                + "'errors.deadletterqueue.topic.name':'letters-dead'}}"));
        assertThat(created.status()).as(created.toString()).isEqualTo(201);

        awaitState("letters", "RUNNING", 1);
        assertThat(json(api().config("letters")).has("errors.deadletterqueue.topic.replication.factor"))
                .as("the configuration stays as it was written")
                .isFalse();
        assertThat(api().delete(CLIENT, "letters").status()).isEqualTo(204);
    }

    @Test
    void internalRequestsWithoutAValidSignatureAreRefused() {
        byte[] body = bytes("[]");
        assertThat(api().putTaskConfigs(CLIENT, "x", new ConnectApi.Signed(null, null, body))
                        .status())
                .isEqualTo(400);
        assertThat(api().fence(CLIENT, "x", new ConnectApi.Signed("YWJj", "HmacSHA256", body))
                        .status())
                .isEqualTo(403);
        assertThat(api().fence(CLIENT, "x", new ConnectApi.Signed("YWJj", "none", body))
                        .status())
                .isEqualTo(400);
    }

    @Test
    void pluginsAreListedDescribedAndValidated() {
        assertThat(json(api().connectorPlugins()).findValuesAsText("class"))
                .contains(SOURCE, SINK, "io.weir.connect.library.file.FileSource");
        assertThat(json(api().allPlugins()).findValuesAsText("type"))
                .contains("sink", "source", "transformation", "predicate", "converter", "header_converter");
        assertThat(json(api().pluginSettings("FileStreamSource", "latest")).findValuesAsText("name"))
                .contains("topic", "connector.class");
        assertThat(json(api().pluginSettings("StringConverter", "latest")).findValuesAsText("name"))
                .contains("converter.encoding");
        assertThat(api().pluginSettings("FileStreamSource", "[[").status()).isEqualTo(400);
        assertThat(text(api().pluginSettings("FileStreamSorce", "latest")))
                .contains("error_code\":404", "Did you mean 'FileStreamSource'?");
        assertThat(api().pluginSettings("java.lang.Runtime", "latest").status()).isEqualTo(404);

        Reply validated = api().validate("FileStreamSource", bytes("{'connector.class':'FileStreamSource'}"));
        assertThat(validated.status()).isEqualTo(200);
        assertThat(json(validated).fieldNames())
                .toIterable()
                .containsExactly("name", "error_count", "groups", "configs");
        assertThat(json(validated).get("error_count").asInt()).isEqualTo(2);
        assertThat(api().validate("FileStreamSink", bytes("{'connector.class':'FileStreamSource'}"))
                        .status())
                .isEqualTo(400);
        assertThat(api().validate("FileStreamSource", bytes("{}")).status()).isEqualTo(400);
    }
}

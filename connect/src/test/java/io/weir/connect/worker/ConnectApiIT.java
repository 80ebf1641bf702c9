package io.weir.connect.worker;

import static io.weir.connect.worker.WorkerOnNode.CLIENT;
import static io.weir.connect.worker.WorkerOnNode.bytes;
import static io.weir.connect.worker.WorkerOnNode.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
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
                .as("while starting")
                .isEqualTo(503);
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
}

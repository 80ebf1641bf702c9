package io.weir.connect.worker;

import static io.weir.connect.worker.WorkerOnNode.CLIENT;
import static io.weir.connect.worker.WorkerOnNode.bytes;
import static io.weir.connect.worker.WorkerOnNode.json;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.cluster.LogConnection;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// Workers that share a group, and one whose herder gives up.
class WorkerGroupIT {
    private static final String SOURCE = "org.apache.kafka.connect.file.FileStreamSourceConnector";

    @TempDir
    static Path folder;

    private static WorkerOnNode rig;

    @BeforeAll
    static void startNode() {
        rig = WorkerOnNode.start(folder.resolve("data"));
        rig.awaitReady();
    }

    @AfterAll
    static void stop() {
        rig.close();
    }

    private static ConnectWorker worker(Map<String, String> properties) {
        return new ConnectWorker(new WorkerSettings(Duration.ofSeconds(20), true, List.of(), properties), Time.SYSTEM);
    }

    @Test
    void requestsReachTheLeaderThroughAnyWorkerAndTasksAreFencedBySignedOnes() throws Exception {
        Map<String, String> group = Map.of(
                "group.id", "pair",
                "config.storage.topic", "pair_configs",
                "offset.storage.topic", "pair_offsets",
                "status.storage.topic", "pair_status");
        AtomicReference<ConnectApi> first = new AtomicReference<>();
        AtomicReference<ConnectApi> second = new AtomicReference<>();
        try (ConnectWorker one = worker(group);
                ConnectWorker two = worker(group);
                ApiOverHttp oneHttp = new ApiOverHttp(first::get);
                ApiOverHttp twoHttp = new ApiOverHttp(second::get)) {
            first.set(new ConnectApi(one));
            second.set(new ConnectApi(two));
            one.start(rig.connection(), oneHttp.url());
            awaitReady(first.get());
            two.start(rig.connection(), twoHttp.url());
            awaitReady(second.get());

            for (int i = 0; i < 4; i++) {
                Path file = Files.writeString(folder.resolve("pair-" + i), "x\n");
                Reply created = (i % 2 == 0 ? first : second)
                        .get()
                        .create(
                                CLIENT,
                                bytes("{'name':'pair/" + i + " x','config':{'connector.class':'" + SOURCE
                                        + "','topic':'pair','file':'" + file + "','value.converter':"
                                        + "'org.apache.kafka.connect.storage.StringConverter'}}"));
                assertThat(created.status()).as(created.toString()).isEqualTo(201);
            }
            await().atMost(Duration.ofSeconds(40))
                    .untilAsserted(() -> assertThat(workersOfRunningTasks(second.get(), 4))
                            .containsExactlyInAnyOrder(
                                    oneHttp.url().getAuthority(), twoHttp.url().getAuthority()));

            for (ConnectApi api : List.of(first.get(), second.get())) {
                Reply exists = api.create(
                        CLIENT,
                        bytes("{'name':'pair/0 x','config':{'connector.class':'" + SOURCE + "','topic':'pair','file':'"
                                + folder.resolve("pair-0") + "'}}"));
                assertThat(exists.toString())
                        .isEqualTo("409 {\"error_code\":409,\"message\":\"Connector pair/0 x" + " already exists\"}");
                assertThat(exists.headers()).doesNotContainKey("Retry-After");
            }
            assertThat(second.get().stop(CLIENT, "pair/0 x").status()).isEqualTo(204);
            assertThat(first.get().stop(CLIENT, "pair/1 x").status()).isEqualTo(204);
            assertThat(second.get().delete(CLIENT, "pair/1 x").status()).isEqualTo(204);
            assertThat(second.get().delete(CLIENT, "nobody").status()).isEqualTo(404);
            assertThat(oneHttp.forwarded() + twoHttp.forwarded()).isPositive();
            assertThat(oneHttp.fences() + twoHttp.fences()).isPositive();
        }
    }

    private static Set<String> workersOfRunningTasks(ConnectApi api, int connectors) {
        Set<String> workers = new TreeSet<>();
        JsonNode all = json(api.connectors(List.of("status")));
        assertThat(all).hasSize(connectors);
        for (JsonNode connector : all) {
            assertThat(connector.at("/status/connector/state").asText()).isEqualTo("RUNNING");
            assertThat(connector.at("/status/tasks")).hasSize(1);
            assertThat(connector.at("/status/tasks/0/state").asText())
                    .as(connector.toString())
                    .isEqualTo("RUNNING");
            workers.add(connector.at("/status/tasks/0/worker_id").asText());
        }
        return workers;
    }

    private static void awaitReady(ConnectApi api) {
        await().atMost(Duration.ofSeconds(60)).until(() -> api.health().status() == 200);
    }

    @Test
    void aWorkerWhoseHerderEndsIsBuiltAnewAndSaysWhyMeanwhile() throws Exception {
        LogConnection log = rig.connection();
        try (Admin admin = Admin.create(log.clientProperties());
                ConnectWorker worker = worker(Map.of(
                        "group.id", "mended",
                        "config.storage.topic", "mended_configs",
                        "offset.storage.topic", "mended_offsets",
                        "status.storage.topic", "mended_status"))) {
            // a topic of offsets that forgets is what Connect refuses to work with
            admin.createTopics(List.of(
                            new NewTopic("mended_offsets", 1, (short) 1).configs(Map.of("cleanup.policy", "delete"))))
                    .all()
                    .get();
            worker.start(log, URI.create("http://127.0.0.1:18085/"));
            ConnectApi api = new ConnectApi(worker);

            await().atMost(Duration.ofSeconds(60))
                    .untilAsserted(() -> assertThat(worker.state()).isInstanceOf(WorkerState.Failed.class));
            assertThat(api.root().toString()).startsWith("503").contains("mended_offsets", "starts again");

            admin.incrementalAlterConfigs(Map.of(
                            new ConfigResource(ConfigResource.Type.TOPIC, "mended_offsets"),
                            List.of(new AlterConfigOp(
                                    new ConfigEntry("cleanup.policy", "compact"), AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
            awaitReady(api);
            assertThat(worker.state()).isInstanceOf(WorkerState.Running.class);
            assertThat(api.root().status()).isEqualTo(200);
        }
    }

    @Test
    @EnabledIfSystemProperty(named = "weir.test.long", matches = "true")
    void aWorkerCanBeStoppedWhileItsLogIsAway() {
        try (ConnectWorker worker = worker(Map.of())) {
            worker.start(
                    new LogConnection("x", "127.0.0.1:1", Map.of(), (short) 1), URI.create("http://127.0.0.1:18086/"));
            ConnectApi api = new ConnectApi(worker);

            assertThat(api.health().status()).isEqualTo(503);
            assertThat(api.connectors(List.of()).status()).isEqualTo(503);
        }
    }
}

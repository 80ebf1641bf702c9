package io.weir.server;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.cli.node.Api;
import io.weir.cli.node.NodeLocator;
import io.weir.cli.node.NodeProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The demo on the first 100,000 flights: the smoke test of the whole path.
class DemoIT {
    @TempDir
    private Path folder;

    @Test
    void theDemoEndsWellAndItsFolderGoesOnWithAPlainStart() throws Exception {
        Path data = folder.resolve("demo");

        Cli.Result demo = Cli.runWithInput("", 240, "demo", "--records", "100000", "--data", data.toString());

        assertThat(demo.out()).as("standard error: %s", demo.err()).contains("All checks held.");
        assertThat(demo.out()).doesNotContain("FAILED").containsPattern("compare .* rows differ.* OK");
        assertThat(demo.exitCode()).isZero();
        System.setProperty(
                "weir.home", Path.of("../..").toAbsolutePath().normalize().toString());
        try (NodeProcess node = NodeProcess.start(data, Map.of())) {
            NodeLocator.Endpoints endpoints = node.awaitReady(Duration.ofSeconds(90));
            Api api = new Api(endpoints.http());
            Awaitility.await("connectors and the job to go on")
                    .atMost(60, TimeUnit.SECONDS)
                    .untilAsserted(() -> {
                        JsonNode connectors = api.get("/connectors?expand=status");
                        assertThat(connectors.findValuesAsText("state"))
                                .as("%s", connectors)
                                .hasSize(6)
                                .containsOnly("RUNNING");
                        JsonNode job = api.get("/jobs/delays-by-hour");
                        assertThat(job.path("state").asText()).isEqualTo("LIVE");
                        assertThat(job.path("live").asInt()).isEqualTo(2);
                        assertThat(job.path("warm").asInt()).isEqualTo(1);
                    });
            JsonNode answer = api.post(
                    "/sql", Api.JSON.createObjectNode().put("sql", "SELECT count(*), sum(delay) FROM flights"));
            assertThat(answer.path("rows").path(0).path(0).asLong()).isEqualTo(100_000);
            assertThat(answer.path("rows").path(0).path(1).asLong()).isEqualTo(1_072_949);
        }
    }
}

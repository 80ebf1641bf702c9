package io.weir.connect.worker;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

class ConnectApiTest {
    private final ConnectWorker worker =
            new ConnectWorker(new WorkerSettings(Duration.ofSeconds(20), true, List.of(), Map.of()), Time.SYSTEM);
    private final ConnectApi api = new ConnectApi(worker);
    private final Caller client = new Caller(null, null);

    @Test
    void beforeTheLogAnswersEveryRequestGets503InConnectsForm() {
        Stream.of(
                        api.root(),
                        api.connectors(List.of()),
                        api.create(client, new byte[0]),
                        api.delete(client, "x"),
                        api.connectorPlugins())
                .forEach(reply -> {
                    assertThat(reply.status()).isEqualTo(503);
                    assertThat(reply.headers()).containsKey("Retry-After");
                    assertThat(reply.toString()).contains("{\"error_code\":503,\"message\":\"Connect worker: waits");
                });
    }

    @Test
    void beforeTheLogAnswersHealthSaysStarting() {
        assertThat(api.health().status()).isEqualTo(503);
        assertThat(api.health().toString()).contains("{\"status\":\"starting\",\"message\":\"Worker is still starting");
    }

    @Test
    void aWorkerStoppedBeforeItsStartNeverStarts() {
        assertThat(worker.stop(Duration.ofSeconds(1))).isTrue();

        assertThat(worker.state()).isEqualTo(new WorkerState.Stopped());
        assertThat(api.root().toString()).contains("has stopped");
    }

    @Test
    void theAuthorizationOfACallerIsNeverPrinted() {
        assertThat(new Caller("Basic c2VjcmV0", true).toString()).doesNotContain("c2VjcmV0");
    }
}

package io.weir.connect.wiring;

import io.smallrye.health.api.HealthGroup;
import io.weir.connect.worker.ConnectWorker;
import io.weir.connect.worker.WorkerState;
import jakarta.inject.Singleton;
import java.util.Map;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/// The worker and its connectors at `/q/health/group/connect`. Down when the worker does not answer or a connector
/// has failed; never part of the node's own liveness or readiness.
@HealthGroup("connect")
@Singleton
public class ConnectHealth implements HealthCheck {
    private final ConnectNode node;

    ConnectHealth(ConnectNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("connect");
        Optional<ConnectWorker> worker = node.worker();
        if (worker.isEmpty()) {
            return response.up().withData("state", "role absent").build();
        }
        WorkerState state = worker.get().state();
        Map<String, String> failed = worker.get().failedConnectors();
        failed.forEach(response::withData);
        return response.status(state instanceof WorkerState.Running && failed.isEmpty())
                .withData("state", state.getClass().getSimpleName())
                .build();
    }
}

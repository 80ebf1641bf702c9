package io.weir.connect.wiring;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.weir.connect.worker.ConnectWorker;
import io.weir.connect.worker.WorkerState;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;

/// What of the worker is worth an alert.
@Singleton
public class ConnectMetrics {
    private static final int AFTER_THE_WORKER_IS_PREPARED = 1_100;

    void register(
            @Observes @Priority(AFTER_THE_WORKER_IS_PREPARED) StartupEvent event,
            ConnectNode node,
            MeterRegistry registry) {
        node.worker().ifPresent(worker -> {
            Gauge.builder("weir.connect.worker.up", worker, ConnectMetrics::up)
                    .description("1 while this node's Connect worker answers, else 0")
                    .register(registry);
            Gauge.builder(
                            "weir.connect.connectors.failed",
                            worker,
                            w -> w.failedConnectors().size())
                    .description("Connectors of the group that have failed or have a failed task")
                    .register(registry);
        });
    }

    private static double up(ConnectWorker worker) {
        return worker.state() instanceof WorkerState.Running ? 1 : 0;
    }
}

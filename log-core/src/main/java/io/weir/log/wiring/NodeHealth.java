package io.weir.log.wiring;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicBoolean;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Liveness;
import org.eclipse.microprofile.health.Readiness;
import org.eclipse.microprofile.health.Startup;

/// The node as health checks. Live: no fatal fault. Ready: the log answers here and a leader of its quorum is
/// known. Started: ready once. What is wrong further on (connectors, jobs, the archive) is shown elsewhere and
/// never part of these.
final class NodeHealth {
    private NodeHealth() {}

    private static HealthCheckResponse response(String name, LogHost.Health health, boolean up) {
        return HealthCheckResponse.named(name)
                .status(up)
                .withData("state", health.state())
                .withData("insecure", health.insecure())
                .build();
    }

    @Liveness
    @Singleton
    static class Live implements HealthCheck {
        private final LogHost host;

        Live(LogHost host) {
            this.host = host;
        }

        @Override
        public HealthCheckResponse call() {
            LogHost.Health health = host.health();
            return response("node-live", health, health.alive());
        }
    }

    @Readiness
    @Singleton
    static class Ready implements HealthCheck {
        private final LogHost host;

        Ready(LogHost host) {
            this.host = host;
        }

        @Override
        public HealthCheckResponse call() {
            LogHost.Health health = host.health();
            return response("node-ready", health, health.ready());
        }
    }

    @Startup
    @Singleton
    static class Started implements HealthCheck {
        private final LogHost host;
        private final AtomicBoolean readyOnce = new AtomicBoolean();

        Started(LogHost host) {
            this.host = host;
        }

        @Override
        public HealthCheckResponse call() {
            LogHost.Health health = host.health();
            if (health.ready()) {
                readyOnce.set(true);
            }
            return response("node-started", health, readyOnce.get());
        }
    }
}

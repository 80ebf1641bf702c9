package io.weir.tiered.wiring;

import io.smallrye.health.api.HealthGroup;
import io.weir.log.fault.WeirException;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;

/// SQL and its child processes at `/q/health/group/sql`; never part of the node's own liveness or readiness.
@HealthGroup("sql")
@Singleton
public class SqlHealth implements HealthCheck {
    private final SqlNode node;

    SqlHealth(SqlNode node) {
        this.node = node;
    }

    @Override
    public HealthCheckResponse call() {
        HealthCheckResponseBuilder response = HealthCheckResponse.named("sql");
        if (!node.isPresent()) {
            return response.up().withData("state", "role absent").build();
        }
        WeirException failure = node.failure();
        if (failure != null) {
            return response.down().withData("reason", failure.getMessage()).build();
        }
        return response.up()
                // What keeps user SQL apart: a process of its own, no user, no name space of its own.
                .withData("sandbox", "process-only")
                .withData("children", node.children().toString())
                .build();
    }
}

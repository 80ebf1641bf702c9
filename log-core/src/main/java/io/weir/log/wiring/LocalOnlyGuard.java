package io.weir.log.wiring;

import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import io.weir.log.net.LocalIdentity;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Keeps web pages of other sites away from a node without authentication: whoever reaches loopback has every
/// right there, and a browser reaches loopback for any page that asks. A foreign `Origin`, or a `Host` that is
/// not loopback (DNS rebinding), gets 403 on every path, requests without a body included.
@Singleton
public class LocalOnlyGuard {
    private static final int BEFORE_EVERYTHING = 1000;

    private final LogSettings settings;

    LocalOnlyGuard(LogSettings settings) {
        this.settings = settings;
    }

    void register(@Observes Filters filters) {
        boolean insecure = settings.flagOrFalse("weir.insecure.allow");
        if (!insecure || settings.httpIsLoopback()) {
            filters.register(LocalOnlyGuard::check, BEFORE_EVERYTHING);
        }
    }

    private static void check(RoutingContext context) {
        HttpServerRequest request = context.request();
        @Nullable
        String host = request.authority() == null ? null : request.authority().host();
        Optional<String> objection = LocalIdentity.objection(host, request.getHeader("Origin"));
        if (objection.isEmpty()) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(403)
                .putHeader("Content-Type", "application/problem+json")
                .end("{\"type\":\"/problems/not-local\",\"title\":\"Forbidden\",\"status\":403,\"detail\":\""
                        + objection.get() + "\",\"owner\":\"USER\"}");
    }
}

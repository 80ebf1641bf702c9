package io.weir.log.wiring;

import io.quarkus.arc.Unremovable;
import io.weir.log.cluster.KnownSettings;
import io.weir.log.cluster.LogCluster;
import io.weir.log.rest.IncidentIds;
import io.weir.log.rest.LogClients;
import io.weir.log.rest.OpenTails;
import io.weir.log.rest.TailSettings;
import jakarta.enterprise.inject.Disposes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Duration;
import java.util.HexFormat;
import org.eclipse.microprofile.config.Config;

/// What the log's REST resources are built with.
@Singleton
public class LogRestProducers {
    static final String TAILS_MAX = "weir.rest.tails.max";
    static final String TAILS_PATIENCE = "weir.rest.tails.patience";
    private static final int INCIDENT_BYTES = 6;

    @Produces
    @Singleton
    IncidentIds incidentIds() {
        SecureRandom random = new SecureRandom();
        return () -> {
            byte[] bytes = new byte[INCIDENT_BYTES];
            random.nextBytes(bytes);
            return HexFormat.of().formatHex(bytes);
        };
    }

    @Produces
    @Singleton
    LogClients logClients(LogCluster cluster) {
        return new LogClients(cluster, Clock.systemUTC());
    }

    void close(@Disposes LogClients clients) {
        clients.close();
    }

    @Produces
    @Singleton
    @Unremovable
    KnownSettings knownRestSettings() {
        return KnownSettings.of(TAILS_MAX, TAILS_PATIENCE);
    }

    @Produces
    @Singleton
    OpenTails openTails(Config config) {
        return new OpenTails(TailSettings.of(
                config.getOptionalValue(TAILS_MAX, Integer.class).orElse(TailSettings.DEFAULT_MAX),
                config.getOptionalValue(TAILS_PATIENCE, Duration.class).orElse(TailSettings.DEFAULT_PATIENCE)));
    }

    void close(@Disposes OpenTails tails) {
        tails.close();
    }
}

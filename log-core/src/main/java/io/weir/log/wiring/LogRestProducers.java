package io.weir.log.wiring;

import io.weir.log.rest.IncidentIds;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.util.HexFormat;

/// What the log's REST resources are built with.
@Singleton
public class LogRestProducers {
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
}

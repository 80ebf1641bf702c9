package io.weir.tiered.wiring;

import io.quarkus.arc.Unremovable;
import io.weir.log.cluster.BrokerContribution;
import io.weir.log.cluster.KnownSettings;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.Map;
import org.eclipse.microprofile.config.Config;

/// What the archive contributes to the rest of the node.
@Singleton
public class ArchiveProducers {
    @Produces
    @Singleton
    @Unremovable
    BrokerContribution archiveInTheBroker(Config config) {
        ArchiveConfig archive = new ArchiveConfig(config);
        return node -> archive.off().isPresent()
                ? Map.of()
                : archive.broker(node.dataDirectory(), node.intendedClusterSize())
                        .brokerProperties();
    }

    @Produces
    @Singleton
    @Unremovable
    KnownSettings archiveSettings() {
        return ArchiveConfig.known();
    }

    @Produces
    @Singleton
    @Unremovable
    KnownSettings lakeSettings() {
        return LakeConfig.known();
    }
}

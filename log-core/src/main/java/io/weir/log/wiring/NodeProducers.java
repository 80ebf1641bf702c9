package io.weir.log.wiring;

import io.quarkus.arc.Unremovable;
import io.weir.log.cluster.BrokerContribution;
import io.weir.log.cluster.KnownSettings;
import io.weir.log.cluster.LogCluster;
import io.weir.log.cluster.LogConnection;
import io.weir.log.topic.TopicName;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.config.Config;

/// The log cluster of this process as a bean.
@Singleton
public class NodeProducers {
    @Produces
    @Singleton
    LogSettings logSettings(Config config) {
        return new LogSettings(config);
    }

    /// Never throws: what is wrong with the settings is said when the node prepares.
    @Produces
    @Singleton
    LogHost logHost(LogSettings settings, Instance<BrokerContribution> contributions) {
        return new DeferredLogHost(() -> HostChoice.choose(settings, contributions));
    }

    @Produces
    @Singleton
    @Unremovable
    LogCluster logCluster(LogHost host) {
        return new LogCluster() {
            @Override
            public CompletionStage<LogConnection> running() {
                return host.running();
            }

            @Override
            public boolean embedded() {
                return host.embedded();
            }

            @Override
            public void roll(TopicName topic, int partition) {
                host.roll(topic, partition);
            }
        };
    }

    @Produces
    @Singleton
    @Unremovable
    KnownSettings knownSettings() {
        return LogSettings.KNOWN;
    }
}

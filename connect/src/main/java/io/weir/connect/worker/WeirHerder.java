package io.weir.connect.worker;

import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.connect.connector.policy.ConnectorClientConfigOverridePolicy;
import org.apache.kafka.connect.runtime.Worker;
import org.apache.kafka.connect.runtime.distributed.DistributedConfig;
import org.apache.kafka.connect.runtime.distributed.DistributedHerder;
import org.apache.kafka.connect.runtime.rest.RestClient;
import org.apache.kafka.connect.storage.ConfigBackingStore;
import org.apache.kafka.connect.storage.StatusBackingStore;

/// Connect's herder, except that the end of its thread does not end the process: a broker lives here too. The
/// owner is told and builds a new worker.
final class WeirHerder extends DistributedHerder {
    private final Consumer<Throwable> onFailure;
    private final LogLevels logLevels;
    private volatile boolean stopRequested;

    /// @param onFailure called once, on the herder's thread, when that thread ends by an error; everything the
    ///     herder had opened is closed by then
    WeirHerder(
            DistributedConfig config,
            Worker worker,
            Stores stores,
            Cluster cluster,
            ConnectorClientConfigOverridePolicy policy,
            Time time,
            Consumer<Throwable> onFailure) {
        super(
                config,
                time,
                worker,
                cluster.clusterId(),
                stores.statuses(),
                stores.configs(),
                cluster.restUrl(),
                cluster.restClient(),
                policy,
                List.of(),
                stores.sharedAdmin());
        this.onFailure = onFailure;
        this.logLevels = new LogLevels(time);
    }

    /// Where connector states and configurations live, and the admin client behind them.
    record Stores(StatusBackingStore statuses, ConfigBackingStore configs, AutoCloseable sharedAdmin) {}

    /// The group that this worker joins and how its members reach each other.
    record Cluster(String clusterId, String restUrl, RestClient restClient) {}

    @Override
    public void run() {
        try {
            startServices();
            while (!stopRequested) {
                tick();
                if (!isReady()) {
                    ready();
                }
            }
            halt();
        } catch (Exception | LinkageError e) {
            Utils.closeQuietly(this::stopServices, "herder services");
            if (!stopRequested) {
                onFailure.accept(e);
            }
        }
    }

    /// Of this worker; the herder calls it for changes of the whole group too.
    @Override
    public List<String> setWorkerLoggerLevel(String namespace, String level) {
        return logLevels.set(namespace, level);
    }

    LogLevels logLevels() {
        return logLevels;
    }

    @Override
    public void stop() {
        stopRequested = true;
        super.stop();
    }
}

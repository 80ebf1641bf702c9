package io.weir.connect.wiring;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.vertx.http.HttpServer;
import io.weir.connect.library.file.AllowedFolders;
import io.weir.connect.rest.ConnectRole;
import io.weir.connect.worker.ConnectApi;
import io.weir.connect.worker.ConnectWorker;
import io.weir.log.cluster.KnownSettings;
import io.weir.log.cluster.LogCluster;
import io.weir.log.fault.WeirException;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import org.apache.kafka.common.utils.Time;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The Connect worker in the life of the process: settings are read before anything opens, the worker starts once
/// the log answers, and stops before the log does.
@Singleton
public class ConnectNode implements ConnectRole {
    private static final Logger LOG = LoggerFactory.getLogger(ConnectNode.class);
    /// After the node's own preparation, and before its stop.
    private static final int AMONG_USERS_OF_THE_LOG = 1_000;

    private static final Duration STOP_DEADLINE = Duration.ofSeconds(12);

    private final ConnectSettings settings;
    private final LogCluster cluster;
    private final HttpServer http;
    private volatile @Nullable ConnectWorker worker;
    private volatile @Nullable ConnectApi api;

    @Inject
    ConnectNode(Config config, LogCluster cluster, HttpServer http) {
        this.settings = new ConnectSettings(config);
        this.cluster = cluster;
        this.http = http;
    }

    @Produces
    @Singleton
    @Unremovable
    static KnownSettings connectSettings() {
        return ConnectSettings.known();
    }

    void prepare(@Observes @Priority(AMONG_USERS_OF_THE_LOG) StartupEvent event) {
        if (!settings.roleIsOurs()) {
            return;
        }
        ConnectWorker prepared;
        try {
            prepared = new ConnectWorker(settings.worker(), Time.SYSTEM);
            AllowedFolders.allow(settings.filesAllowed());
        } catch (WeirException e) {
            LOG.error(e.getMessage());
            throw new PreventFurtherStepsException("Weir did not start.", 1);
        }
        worker = prepared;
        api = new ConnectApi(prepared);
        cluster.running().thenAccept(log -> prepared.start(log, settings.restUrl(http.getPort())));
    }

    void stop(@Observes @Priority(AMONG_USERS_OF_THE_LOG) ShutdownEvent event) {
        ConnectWorker present = worker;
        if (present != null && !present.stop(STOP_DEADLINE)) {
            LOG.warn(
                    "Connectors did not stop within {} s; what they have read since their last commit is read again",
                    STOP_DEADLINE.toSeconds());
        }
    }

    /// Empty on a node without the role, and before the process has started.
    Optional<ConnectWorker> worker() {
        return Optional.ofNullable(worker);
    }

    @Override
    public ConnectApi api() {
        ConnectApi present = api;
        if (present == null) {
            throw WeirException.notFound(
                    "connect-role-absent",
                    "Connectors: this node runs none, its weir.roles is '" + settings.roles()
                            + "'. Ask a node whose roles hold 'connect'.");
        }
        return present;
    }
}

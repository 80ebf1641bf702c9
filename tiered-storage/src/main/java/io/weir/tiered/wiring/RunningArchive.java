package io.weir.tiered.wiring;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.weir.log.cluster.LogCluster;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.rest.ArchiveHere;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Opens the archive's services once the log runs, looks at the topics now and then, and closes before the
/// log stops. What fails is tried again; the rest of the node goes on meanwhile.
@Singleton
public class RunningArchive implements ArchiveHere {
    private static final Logger LOG = LoggerFactory.getLogger(RunningArchive.class);
    private static final int BEFORE_THE_NODE = 100;
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int RECONCILE_EVERY = 10;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final LogCluster cluster;
    private final ArchiveConfig config;
    private final LakeConfig lake;
    private final CatalogTopic catalog;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("weir-archive-worker").factory());

    private volatile @Nullable OpenArchive open;
    private volatile String waitingFor = "the log";
    private long ticks;

    @Inject
    RunningArchive(LogCluster cluster, Config config, CatalogTopic catalog) {
        this.cluster = cluster;
        this.catalog = catalog;
        this.config = new ArchiveConfig(config);
        this.lake = new LakeConfig(config);
    }

    @Override
    public Parts parts() {
        OpenArchive present = open;
        if (present == null) {
            throw new WeirException(
                    "archive-starting",
                    Whose.EXTERNAL,
                    "Archive: is not there yet, waiting for " + waitingFor + ". Try again.");
        }
        return present.parts();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the tick reports its own failures
    void onStart(@Observes StartupEvent event) {
        cluster.running()
                .thenAccept(connection -> worker.scheduleWithFixedDelay(
                        () -> tick(connection), 0, TICK.toMillis(), TimeUnit.MILLISECONDS));
    }

    void onStop(@Observes @Priority(BEFORE_THE_NODE) ShutdownEvent event) {
        worker.shutdownNow();
        try {
            if (!worker.awaitTermination(STOP_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Archive worker did not end in time");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        OpenArchive present = open;
        open = null;
        if (present != null) {
            present.close();
        }
    }

    private void tick(LogConnection connection) {
        try {
            OpenArchive present = open;
            if (present == null) {
                present = new OpenArchive(connection, config, lake, catalog);
                open = present;
            }
            present.parts().tierNow().resume();
            if (ticks++ % RECONCILE_EVERY == 0) {
                present.parts().archiving().reconcile();
            }
        } catch (IOException | RuntimeException e) {
            if (!worker.isShutdown()) {
                waitingFor = "the archive (" + e.getMessage() + ")";
                LOG.warn("Archive has to wait cause={}", e.getMessage());
                LOG.debug("Archive has to wait", e);
            }
        }
    }
}

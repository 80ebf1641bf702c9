package io.weir.tiered.wiring;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.weir.log.cluster.LogCluster;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.log.topic.TopicName;
import io.weir.tiered.archive.EraseRequest;
import io.weir.tiered.archive.Freshness;
import io.weir.tiered.archive.Janitor;
import io.weir.tiered.archive.LakeMode;
import io.weir.tiered.archive.LakeModes;
import io.weir.tiered.archive.LakeTopic;
import io.weir.tiered.archive.StoreWatch;
import io.weir.tiered.archive.TierLag;
import io.weir.tiered.archive.TopicSettings;
import io.weir.tiered.archive.Verifications;
import io.weir.tiered.rest.ArchiveCare;
import io.weir.tiered.rest.ArchiveHere;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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
public class RunningArchive implements ArchiveHere, ArchiveCare {
    private static final Logger LOG = LoggerFactory.getLogger(RunningArchive.class);
    private static final int BEFORE_THE_NODE = 100;
    private static final Duration TICK = Duration.ofMillis(500);
    private static final int RECONCILE_EVERY = 10;
    private static final Duration STOP_WITHIN = Duration.ofSeconds(5);

    private final LogCluster cluster;
    private final ArchiveConfig config;
    private final LakeConfig lake;
    private final CatalogTopic catalog;
    private final ArchiveMeters meters;
    private final Clock clock = Clock.systemUTC();
    private final Freshness freshness;
    private final ScheduledExecutorService worker = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("weir-archive-worker").factory());

    /// Apart from the worker: a store that hangs must not hold up what needs the log only.
    private final ScheduledExecutorService watcher = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("weir-archive-watch").factory());

    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("weir-archive-janitor").factory());

    private volatile @Nullable OpenArchive open;
    private volatile String waitingFor = "the log";
    private long ticks;

    @Inject
    RunningArchive(LogCluster cluster, Config config, CatalogTopic catalog, ArchiveMeters meters) {
        this.cluster = cluster;
        this.catalog = catalog;
        this.meters = meters;
        this.freshness = new Freshness(this::roll, clock);
        this.config = new ArchiveConfig(config);
        this.lake = new LakeConfig(config);
    }

    @Override
    public Parts parts() {
        return present().parts();
    }

    @Override
    public Verifications verifications() {
        return present().verifications();
    }

    @Override
    public Janitor janitor() {
        return present().janitor();
    }

    @Override
    public TierLag lag() {
        return present().lag();
    }

    private static Map<String, LakeMode> modes(Map<String, LakeTopic> topics) {
        Map<String, LakeMode> modes = new HashMap<>();
        topics.forEach((topic, settings) -> settings.mode().ifPresent(mode -> modes.put(topic, mode)));
        return modes;
    }

    @Override
    public TopicSettings topics() {
        return present().topics();
    }

    @Override
    public EraseRequest.Memory erasures() {
        return present().erasures();
    }

    /// Only the leader's broker can close a segment; elsewhere it is another node's to do.
    private boolean roll(String topic, int partition) {
        try {
            cluster.roll(new TopicName(topic), partition);
            return true;
        } catch (WeirException e) {
            LOG.debug("Segment not closed here topic={} partition={} cause={}", topic, partition, e.getMessage());
            return false;
        }
    }

    private OpenArchive present() {
        OpenArchive present = open;
        if (present == null) {
            throw new WeirException(
                    "archive-starting",
                    Whose.EXTERNAL,
                    "Archive: is not there yet, waiting for " + waitingFor + ". Try again.");
        }
        return present;
    }

    /// The janitor when the archive is open.
    Optional<Janitor> janitorHere() {
        return Optional.ofNullable(open).map(OpenArchive::janitor);
    }

    /// What the store said last.
    StoreWatch.State store() {
        OpenArchive present = open;
        return present == null ? new StoreWatch.Unknown() : present.watch().state();
    }

    /// What is missing before the archive is open; empty when nothing is.
    Optional<String> waitingFor() {
        return open == null ? Optional.of(waitingFor) : Optional.empty();
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the tick reports its own failures
    void onStart(@Observes StartupEvent event) {
        cluster.running()
                .thenAccept(connection -> worker.scheduleWithFixedDelay(
                        () -> tick(connection), 0, TICK.toMillis(), TimeUnit.MILLISECONDS));
        watcher.scheduleWithFixedDelay(this::look, 0, TICK.toMillis(), TimeUnit.MILLISECONDS);
        Duration interval = config.janitorInterval();
        if (interval.isPositive()) {
            sweeper.scheduleWithFixedDelay(
                    this::sweep, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
    }

    private void sweep() {
        try {
            janitorHere().ifPresent(janitor -> meters.janitor(janitor.pass()));
        } catch (RuntimeException e) {
            LOG.warn("The janitor's pass ended early", e);
        }
    }

    private void look() {
        OpenArchive present = open;
        if (present == null) {
            return;
        }
        try {
            present.watch().look();
            meters.storeAnswers(!(present.watch().state() instanceof StoreWatch.Fails));
        } catch (RuntimeException e) {
            LOG.warn("The archive's store could not be asked", e);
        }
    }

    void onStop(@Observes @Priority(BEFORE_THE_NODE) ShutdownEvent event) {
        watcher.shutdownNow();
        sweeper.shutdownNow();
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
                present.lag().look(present.parts().archiving().topics());
                Map<String, LakeTopic> topics = present.topics().byName();
                LakeModes.PROCESS.set(modes(topics));
                Duration usual = config.freshness();
                freshness.look(
                        present.lag().lags(),
                        topic -> topics.getOrDefault(topic, LakeTopic.NOTHING_SET)
                                .freshness()
                                .orElse(usual));
                meters.refresh(present.lag().lags(), clock.instant());
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

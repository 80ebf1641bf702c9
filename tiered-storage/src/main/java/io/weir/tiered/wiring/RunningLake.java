package io.weir.tiered.wiring;

import io.quarkus.runtime.PreventFurtherStepsException;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.weir.log.cluster.LogCluster;
import io.weir.log.cluster.LogConnection;
import io.weir.log.fault.WeirException;
import io.weir.tiered.archive.EraseRequest;
import io.weir.tiered.archive.SegmentRewrites;
import io.weir.tiered.archive.TopicSettings;
import io.weir.tiered.rest.ArchiveCare;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.table.Committer;
import io.weir.tiered.table.Compaction;
import io.weir.tiered.table.Erasing;
import io.weir.tiered.table.LakeMetrics;
import io.weir.tiered.table.Upkeep;
import jakarta.annotation.Priority;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.common.utils.Time;
import org.eclipse.microprofile.config.Config;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Commits archived segments to their tables, from one thread, while this node is the elected one. What fails
/// is tried again; the rest of the node goes on meanwhile.
@Singleton
public class RunningLake {
    private static final Logger LOG = LoggerFactory.getLogger(RunningLake.class);
    private static final int BEFORE_THE_ARCHIVE = 50;
    private static final Duration STEP = Duration.ofMillis(500);
    private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(5);
    private static final Duration STOP_WITHIN = Duration.ofSeconds(10);

    private final LogCluster cluster;
    private final ArchiveHere archive;
    private final ArchiveCare care;
    private final LakeConfig config;
    private final LakeMetrics metrics = new LakeMetrics();

    private volatile boolean stopping;
    private volatile @Nullable Thread worker;
    private volatile @Nullable CatalogWriterElection election;

    @Inject
    RunningLake(LogCluster cluster, ArchiveHere archive, ArchiveCare care, Config config) {
        this.care = care;
        this.cluster = cluster;
        this.archive = archive;
        this.config = new LakeConfig(config);
    }

    LakeMetrics metrics() {
        return metrics;
    }

    @SuppressWarnings("FutureReturnValueIgnored") // the thread reports its own failures
    void onStart(@Observes StartupEvent event) {
        try {
            config.check();
        } catch (WeirException e) {
            LOG.error(e.getMessage());
            throw new PreventFurtherStepsException("Weir did not start.", 1);
        }
        cluster.running().thenAccept(log -> {
            Thread thread =
                    Thread.ofPlatform().name("weir-lake-committer").daemon().unstarted(() -> run(log));
            worker = thread;
            thread.start();
        });
    }

    void onStop(@Observes @Priority(BEFORE_THE_ARCHIVE) ShutdownEvent event) {
        stopping = true;
        Thread thread = worker;
        if (thread == null) {
            return;
        }
        CatalogWriterElection present = election;
        if (present != null) {
            present.wakeUp();
        }
        LockSupport.unpark(thread);
        try {
            if (!thread.join(STOP_WITHIN)) {
                // a commit that is cut off is settled by the next start
                LOG.warn("Committer did not end in time");
                thread.interrupt();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void run(LogConnection log) {
        while (!stopping) {
            try (CatalogWriterElection seat = new CatalogWriterElection(log.clientProperties())) {
                election = seat;
                takePart(seat);
            } catch (RuntimeException e) {
                if (!stopping) {
                    LOG.warn("Committer has to wait cause={}", e.getMessage());
                    LOG.debug("Committer has to wait", e);
                    LockSupport.parkNanos(AFTER_A_FAILURE.toNanos());
                }
            } finally {
                election = null;
            }
        }
    }

    private void takePart(CatalogWriterElection seat) {
        Work work = null;
        while (!stopping) {
            if (!seat.isElected(STEP)) {
                work = null;
            } else if (work == null) {
                work = work();
            } else {
                work.step();
            }
        }
    }

    /// Null while the archive is not open yet.
    private @Nullable Work work() {
        try {
            return new Work(archive.parts(), care.topics(), care.erasures());
        } catch (WeirException e) {
            return null;
        }
    }

    /// What the elected node does, with its own times.
    private final class Work {
        private final Committer committer;
        private final Erasing erasing;
        private final Compaction compaction;
        private final Upkeep upkeep;
        private long nextCommitNanos = System.nanoTime();
        private long nextUpkeepNanos = System.nanoTime();

        Work(ArchiveHere.Parts parts, TopicSettings settings, EraseRequest.Memory erasures) {
            LakeTopics topics = new LakeTopics(parts, settings::all);
            committer = new Committer(parts.lake(), topics, UUID::randomUUID, config.segments(), Time.SYSTEM, metrics);
            erasing = new Erasing(
                    parts.lake(),
                    topics,
                    parts.rewrites(),
                    erasures,
                    UUID::randomUUID,
                    metrics,
                    SegmentRewrites.SEEN_BY_ALL_AFTER,
                    Clock.systemUTC());
            compaction = new Compaction(
                    parts.lake(), topics, parts.rewrites(), UUID::randomUUID, metrics, config.compaction());
            upkeep = new Upkeep(parts.lake(), topics, config.upkeep(), Clock.systemUTC());
        }

        void step() {
            if (System.nanoTime() - nextCommitNanos >= 0) {
                committer.pass(() -> !stopping);
                erasing.pass(() -> !stopping);
                nextCommitNanos = System.nanoTime() + config.interval().toNanos();
            }
            if (System.nanoTime() - nextUpkeepNanos >= 0) {
                compaction.pass(() -> !stopping);
                upkeep.pass(() -> !stopping);
                nextUpkeepNanos = System.nanoTime() + config.upkeepInterval().toNanos();
            }
        }
    }
}

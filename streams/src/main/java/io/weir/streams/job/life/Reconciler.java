package io.weir.streams.job.life;

import io.weir.streams.job.registry.JobCatalog;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.job.state.StateReads;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Makes this node run what the registry says, again and again: it looks at states, not at changes, so that a
/// crash, a lost message or another node's decision needs no handling of its own.
///
/// One timer thread hands each job to a pool: a job that blocks while it starts or stops delays no other.
/// Platform threads, because Kafka's clients block inside monitors. Owned by whoever started it.
public final class Reconciler implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(Reconciler.class);
    private static final int SWEEP_EVERY_TICKS = 2_400;

    private final JobRegistry registry;
    private final Function<String, JobUnit> newUnit;
    private final StateFolders folders;
    private final Duration stopTimeout;
    private final Map<String, JobUnit> units = new ConcurrentHashMap<>();
    private final Set<String> busy = ConcurrentHashMap.newKeySet();
    private final Ticks ticks = new Ticks();
    private final ScheduledExecutorService timer;
    private final ExecutorService workers;
    private int untilSweep;

    private Reconciler(
            JobRegistry registry, Function<String, JobUnit> newUnit, StateFolders folders, Duration stopTimeout) {
        this.registry = registry;
        this.newUnit = newUnit;
        this.folders = folders;
        this.stopTimeout = stopTimeout;
        this.timer = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().daemon().name("weir-jobs-timer").factory());
        this.workers = Executors.newCachedThreadPool(
                Thread.ofPlatform().daemon().name("weir-jobs-", 0).factory());
    }

    @SuppressWarnings("FutureReturnValueIgnored") // a tick never throws, and close ends the timer
    static Reconciler start(
            JobRegistry registry, Function<String, JobUnit> newUnit, StateFolders folders, JobsSettings settings) {
        Reconciler reconciler = new Reconciler(registry, newUnit, folders, settings.stopTimeout());
        long everyMillis = settings.tick().toMillis();
        reconciler.timer.scheduleWithFixedDelay(reconciler::tick, 0, everyMillis, TimeUnit.MILLISECONDS);
        return reconciler;
    }

    /// What of a job runs here, by version; never blocks.
    Map<Integer, LocalRun> localRuns(String job) {
        JobUnit unit = units.get(job);
        return unit == null ? Map.of() : unit.localRuns();
    }

    /// The snapshot of a job that is made here; never blocks.
    Optional<LocalRun> snapshotRun(String job) {
        JobUnit unit = units.get(job);
        return unit == null ? Optional.empty() : unit.snapshotRun();
    }

    /// The state that a version keeps here; never blocks.
    Optional<StateReads> reads(String job, int version) {
        JobUnit unit = units.get(job);
        return unit == null ? Optional.empty() : unit.reads(version);
    }

    /// Waits until the condition holds, looking again after every step of any job.
    ///
    /// @return whether it holds
    boolean await(BooleanSupplier condition, Duration timeout) {
        return ticks.await(condition, timeout);
    }

    /// Stops everything that runs here, all at once, and leaves the registry as it is.
    @Override
    public void close() {
        timer.shutdownNow();
        units.values().forEach(unit -> workers.execute(unit::shutDown));
        workers.shutdown();
        try {
            if (!workers.awaitTermination(stopTimeout.plusSeconds(2).toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("Jobs did not stop in time timeoutMillis={}", stopTimeout.toMillis());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void tick() {
        try {
            JobCatalog catalog = registry.known();
            Set<String> names = new TreeSet<>(catalog.jobs().keySet());
            names.addAll(units.keySet());
            for (String name : names) {
                if (busy.add(name)) {
                    JobUnit unit = units.computeIfAbsent(name, newUnit);
                    workers.execute(() -> step(name, unit));
                }
            }
            if (untilSweep-- <= 0) {
                untilSweep = SWEEP_EVERY_TICKS;
                sweep();
            }
        } catch (RuntimeException e) {
            LOG.warn("Jobs could not be looked at, will be repeated", e);
        }
    }

    private void step(String name, JobUnit unit) {
        try {
            if (unit.reconcile()) {
                units.remove(name, unit);
            }
        } finally {
            busy.remove(name);
            ticks.signal();
        }
    }

    /// Leaves everything alone while some job cannot be read: its folder would look like a deleted job's.
    private void sweep() {
        JobCatalog catalog = registry.known();
        if (!catalog.unreadable().isEmpty()) {
            return;
        }
        Set<String> wanted = catalog.jobs().values().stream()
                .flatMap(job -> Stream.concat(
                        job.versions().stream().map(JobVersion::applicationId),
                        job.snapshots().stream().filter(Snapshot::running).map(Snapshot::applicationId)))
                .collect(Collectors.toUnmodifiableSet());
        for (String orphan : folders.deleteAllBut(wanted)) {
            LOG.info("State of a deleted job was removed job={}", orphan);
        }
    }
}

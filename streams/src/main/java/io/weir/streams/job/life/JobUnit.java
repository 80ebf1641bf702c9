package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobState.Failed;
import io.weir.streams.job.registry.JobState.Position;
import io.weir.streams.job.registry.JobState.Retired;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.job.registry.Transitions;
import io.weir.streams.job.state.StateReads;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One job on this node. Each step compares what the registry wants with what runs here, does what is
/// missing,
/// and notes in the registry what has happened by itself. A step never throws.
final class JobUnit {
    private static final Logger LOG = LoggerFactory.getLogger(JobUnit.class);

    private final String name;
    private final JobRegistry registry;
    private final NodeParts parts;
    private final JobCluster cluster;
    private final Remover remover;
    private final OperationDriver operations;
    private final Clock clock;

    /// Guards everything below; a step holds it from beginning to end.
    private final ReentrantLock step = new ReentrantLock();

    private final Map<Integer, VersionUnit> versions = new ConcurrentHashMap<>();
    private final Map<Integer, SnapshotUnit> snapshots = new ConcurrentHashMap<>();
    private boolean shutDown;

    JobUnit(String name, NodeParts parts, Remover remover, OperationDriver operations) {
        this.name = name;
        this.registry = parts.registry();
        this.parts = parts;
        this.cluster = parts.cluster();
        this.remover = remover;
        this.operations = operations;
        this.clock = parts.clock();
    }

    /// What runs here, by version; never blocks.
    Map<Integer, LocalRun> localRuns() {
        Map<Integer, LocalRun> runs = new HashMap<>();
        versions.forEach((number, version) -> version.localRun().ifPresent(run -> runs.put(number, run)));
        return runs;
    }

    /// The snapshot that is made here; never blocks.
    Optional<LocalRun> snapshotRun() {
        return snapshots.values().stream()
                .flatMap(snapshot -> snapshot.localRun().stream())
                .findFirst();
    }

    /// The state that a version keeps here; never blocks.
    Optional<StateReads> reads(int version) {
        VersionUnit unit = versions.get(version);
        return unit == null ? Optional.empty() : unit.reads();
    }

    /// One step; skipped when another thread is in the middle of one.
    ///
    /// @return whether the job is gone and nothing of it is left here
    boolean reconcile() {
        if (!step.tryLock()) {
            return false;
        }
        try {
            Job job = registry.known().jobs().get(name);
            if (shutDown) {
                return true;
            }
            if (job == null) {
                stop();
                return true;
            }
            follow(job);
            return false;
        } catch (WeirException e) {
            LOG.info("Job step failed, will be repeated job={} cause={}", name, e.getMessage());
            return false;
        } catch (RuntimeException e) {
            LOG.warn("Job step failed, will be repeated job={}", name, e);
            return false;
        } finally {
            step.unlock();
        }
    }

    /// Ends what runs here without telling the registry: the job resumes with the node.
    void shutDown() {
        step.lock();
        try {
            shutDown = true;
            stop();
        } catch (RuntimeException e) {
            LOG.warn("Job did not stop cleanly job={}", name, e);
        } finally {
            step.unlock();
        }
    }

    private void follow(Job job) {
        versions.entrySet().removeIf(entry -> {
            boolean gone = job.version(entry.getKey()).isEmpty();
            if (gone) {
                entry.getValue().leave();
            }
            return gone;
        });
        for (JobVersion version : job.versions()) {
            versions.computeIfAbsent(version.number(), number -> new VersionUnit(name, number, parts))
                    .follow(job, version);
        }
        for (JobVersion version : job.versions()) {
            settle(job, version);
        }
        follow(job.snapshots(), job);
        if (Transitions.isBeingDeleted(job)) {
            remover.remove(job);
        }
        VersionUnit live = versions.get(job.live());
        operations.drive(job, live != null && live.leads());
        retireWhenCold(job);
    }

    private void follow(List<Snapshot> wanted, Job job) {
        snapshots.entrySet().removeIf(entry -> {
            boolean over =
                    job.snapshot(entry.getKey()).filter(Snapshot::running).isEmpty();
            if (over) {
                entry.getValue().leave();
            }
            return over;
        });
        for (Snapshot snapshot : wanted) {
            if (snapshot.running()) {
                snapshots
                        .computeIfAbsent(snapshot.number(), number -> new SnapshotUnit(name, number, parts))
                        .follow(job, snapshot);
            }
        }
    }

    /// What is left to do for a version that shall not run.
    private void settle(Job job, JobVersion version) {
        if (Transitions.isStopping(version)) {
            comeToRest(version);
        } else if (version.state() instanceof Failed failed) {
            restartWhenDue(version, failed);
        } else if (version.state() instanceof Retired && Transitions.isBeingRetired(job, version.number())) {
            remover.retire(job, version);
        }
    }

    private void comeToRest(JobVersion version) {
        String group = version.applicationId();
        if (cluster.isIdle(group)) {
            Map<String, Position> positions = cluster.committed(group);
            registry.note(name, now -> Transitions.cameToRest(now, version.number(), positions, clock.instant()));
        }
    }

    private void restartWhenDue(JobVersion version, Failed failed) {
        Instant now = clock.instant();
        Restarts.pause(failed.failure(), version.restarts())
                .filter(pause -> !now.isBefore(failed.since().plus(pause)))
                .ifPresent(pause -> registry.note(
                        name,
                        newest -> Transitions.restarted(newest, version.number(), failed.since(), clock.instant())));
    }

    /// A warm version goes when its time is over.
    private void retireWhenCold(Job job) {
        Instant until = job.warmUntil();
        if (job.warm() > 0
                && until != null
                && clock.instant().isAfter(until)
                && job.runningOperation().isEmpty()) {
            LOG.info("Warm version is retired job={} version={}", name, job.warm());
            registry.note(
                    name,
                    now -> now.warm() == job.warm() && now.runningOperation().isEmpty()
                            ? Optional.of(Transitions.retire(now, now.warm(), clock.instant()))
                            : Optional.empty());
        }
    }

    private void stop() {
        versions.values().forEach(VersionUnit::leave);
        snapshots.values().forEach(SnapshotUnit::leave);
    }
}

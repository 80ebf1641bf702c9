package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.job.registry.Failure;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobState.Failed;
import io.weir.streams.job.registry.JobState.Live;
import io.weir.streams.job.registry.JobState.Position;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Transitions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One job on this node. Each step compares what the registry wants with what runs here, does what is missing,
/// and notes in the registry what has happened by itself. A step never throws.
final class JobUnit {
    private static final Logger LOG = LoggerFactory.getLogger(JobUnit.class);

    private final String name;
    private final JobRegistry registry;
    private final VersionStarter starter;
    private final JobCluster cluster;
    private final Remover remover;
    private final Clock clock;
    private final Duration stopTimeout;

    /// Guards everything below; a step holds it from beginning to end.
    private final ReentrantLock step = new ReentrantLock();

    private @Nullable StartedVersion started;
    private final RunSampler sampler;
    private boolean announced;
    private boolean shutDown;
    private volatile @Nullable LocalRun localRun;

    JobUnit(
            String name,
            JobRegistry registry,
            VersionStarter starter,
            JobCluster cluster,
            Remover remover,
            Clock clock,
            Duration stopTimeout) {
        this.name = name;
        this.registry = registry;
        this.starter = starter;
        this.cluster = cluster;
        this.remover = remover;
        this.clock = clock;
        this.stopTimeout = stopTimeout;
        this.sampler = new RunSampler(clock);
    }

    /// Never blocks; empty while nothing of the job runs here.
    Optional<LocalRun> localRun() {
        return Optional.ofNullable(localRun);
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
        JobVersion version = job.liveVersion();
        if (!version.state().shouldRun()) {
            stop();
            settle(job);
            return;
        }
        StartedVersion present = started;
        if (present != null && present.isOf(version)) {
            watch(job, version, present);
        } else {
            stop();
            start(job, version);
        }
    }

    private void start(Job job, JobVersion version) {
        LOG.info("Job starts job={} version={}", name, version.number());
        try {
            started = starter.start(job, version);
            publish(version.number(), new RunState.Starting());
        } catch (WeirException e) {
            broke(version, new Failure(e.whose(), "", "", String.valueOf(e.getMessage()), ""));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("Job could not be started job={} version={}", name, version.number(), e);
            broke(version, new Failure(Whose.INTERNAL, "", "", "could not be started: " + e, ""));
        }
    }

    private void watch(Job job, JobVersion version, StartedVersion present) {
        RunState state = present.running().state();
        publish(version.number(), state);
        switch (state) {
            case RunState.Starting starting -> {}
            case RunState.Restoring restoring -> {}
            case RunState.Running running -> {
                if (!announced) {
                    announced = true;
                    LOG.info("Job runs job={} version={}", name, version.number());
                }
                if (!(job.state() instanceof Live)) {
                    registry.note(name, now -> Transitions.wentLive(now, version.number(), clock.instant()));
                }
            }
            case RunState.Failed failed -> {
                stop();
                broke(version, Failures.of(failed));
            }
            case RunState.Stopped stopped -> {
                stop();
                broke(version, new Failure(Whose.INTERNAL, "", "", "stopped without being asked", ""));
            }
        }
    }

    private void broke(JobVersion version, Failure failure) {
        Instant now = clock.instant();
        boolean steady = isSteady(version, now);
        LOG.warn(
                "Job failed job={} version={} owner={} operator={} position={} cause={}",
                name,
                version.number(),
                failure.owner(),
                failure.operator(),
                failure.position(),
                failure.cause());
        registry.note(name, job -> Transitions.broke(job, version.number(), failure, steady, now));
    }

    private static boolean isSteady(JobVersion version, Instant now) {
        return version.state() instanceof Live live
                && Duration.between(live.since(), now).compareTo(Restarts.STEADY) >= 0;
    }

    /// What is left to do for a version that shall not run.
    private void settle(Job job) {
        if (Transitions.isStopping(job)) {
            comeToRest(job);
        } else if (Transitions.isBeingDeleted(job)) {
            remover.remove(job);
        } else if (job.state() instanceof Failed failed) {
            restartWhenDue(job, failed);
        }
    }

    private void comeToRest(Job job) {
        String group = job.liveVersion().applicationId();
        if (cluster.isIdle(group)) {
            Map<String, Position> positions = cluster.committed(group);
            registry.note(name, now -> Transitions.cameToRest(now, positions, clock.instant()));
        }
    }

    private void restartWhenDue(Job job, Failed failed) {
        Instant now = clock.instant();
        Restarts.pause(failed.failure(), job.liveVersion().restarts())
                .filter(pause -> !now.isBefore(failed.since().plus(pause)))
                .ifPresent(pause ->
                        registry.note(name, newest -> Transitions.restarted(newest, failed.since(), clock.instant())));
    }

    private void publish(int version, RunState state) {
        StartedVersion present = started;
        if (present != null) {
            localRun = sampler.sample(version, state, present.running());
        }
    }

    private void stop() {
        StartedVersion present = started;
        if (present == null) {
            return;
        }
        started = null;
        announced = false;
        localRun = null;
        sampler.reset();
        present.stop(stopTimeout);
        LOG.info("Job has stopped here job={}", name);
    }

    /// A runner and the class loader that must outlive it.
    ///
    /// @param created when the version was deployed: a job that another node has deleted and deployed again since
    ///     the last step has the same name and number
    record StartedVersion(Instant created, RunningVersion running, AutoCloseable classes) {
        boolean isOf(JobVersion version) {
            return version.created().equals(created);
        }

        void stop(Duration timeout) {
            try {
                running.stop(timeout);
            } finally {
                VersionStarter.closeQuietly(classes);
            }
        }
    }
}

package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.job.registry.Failure;
import io.weir.streams.job.registry.Hold;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Transitions;
import io.weir.streams.job.state.StateReads;
import io.weir.streams.replay.ReplayControl;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One version of a job on this node: starts it, watches it, lets it stand still and write elsewhere as the
/// registry
/// says, and notes in the registry how far it has come. Guarded by the step of its [JobUnit]; only the local
/// run and
/// its state are read by others.
final class VersionUnit {
    private static final Logger LOG = LoggerFactory.getLogger(VersionUnit.class);

    private final String name;
    private final int number;
    private final JobRegistry registry;
    private final VersionStarter starter;
    private final JobCluster cluster;
    private final MyTurn turn;
    private final Clock clock;
    private final Duration stopTimeout;
    private final RunSampler sampler;

    private volatile @Nullable StartedVersion started;
    private boolean announced;
    private @Nullable Replay applied;
    private Map<String, String> outputs = Map.of();
    private volatile @Nullable LocalRun localRun;

    VersionUnit(String name, int number, NodeParts parts) {
        this.name = name;
        this.number = number;
        this.registry = parts.registry();
        this.starter = parts.starter();
        this.cluster = parts.cluster();
        this.turn = new MyTurn(parts.turns());
        this.clock = parts.clock();
        this.stopTimeout = parts.stopTimeout();
        this.sampler = new RunSampler(clock);
    }

    /// Never blocks; empty while the version does not run here.
    Optional<LocalRun> localRun() {
        return Optional.ofNullable(localRun);
    }

    /// The state that it keeps here; never blocks.
    Optional<StateReads> reads() {
        StartedVersion present = started;
        return present == null ? Optional.empty() : present.running().reads();
    }

    /// Whether this node, of all that run the version, is the one to do what only one should.
    boolean leads() {
        StartedVersion present = started;
        return present != null && present.running().control().leads();
    }

    void follow(Job job, JobVersion version) {
        StartedVersion present = started;
        if (!version.state().shouldRun()) {
            leave();
        } else if (!mayRun(version)) {
            stop();
        } else if (present != null && present.isOf(version)) {
            watch(job, version, present);
        } else {
            stop();
            start(job, version);
        }
    }

    /// A replay runs on one node, which alone sees how far all partitions are; everything else on all nodes.
    private boolean mayRun(JobVersion version) {
        if (version.state().replays()) {
            return turn.isMine(version.applicationId());
        }
        turn.leave();
        return true;
    }

    private void start(Job job, JobVersion version) {
        LOG.info("Job starts job={} version={}", name, number);
        try {
            remember(version);
            StartedVersion now = starter.start(job, version);
            started = now;
            applied = version.replay();
            outputs = version.outputs().physical();
            standStill(job, now.running().control());
            publish(new RunState.Starting());
        } catch (WeirException e) {
            broke(version, new Failure(e.whose(), "", "", String.valueOf(e.getMessage()), ""));
        } catch (RuntimeException | LinkageError e) {
            LOG.error("Job could not be started job={} version={}", name, number, e);
            broke(version, new Failure(Whose.INTERNAL, "", "", "could not be started: " + e, ""));
        }
    }

    /// A replay begins where its group says; a group that never committed is told once.
    private void remember(JobVersion version) {
        Replay replay = version.replay();
        if (replay != null && version.state().replays()) {
            String group = version.applicationId();
            if (cluster.committed(group).isEmpty() && cluster.isIdle(group)) {
                cluster.commit(group, Vectors.positions(replay.start()));
            }
        }
    }

    private void watch(Job job, JobVersion version, StartedVersion present) {
        obey(job, version, present.running());
        RunState state = present.running().state();
        publish(state);
        switch (state) {
            case RunState.Starting starting -> {}
            case RunState.Restoring restoring -> {}
            case RunState.Running running -> runs(version, present.running().control());
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

    /// Whatever the runner says of itself: while it starts or restores it reads what it has already been
    /// given, and
    /// may be given what another node was told to hold. Outputs change before the hold is lifted.
    private void obey(Job job, JobVersion version, RunningVersion running) {
        if (!outputs.equals(version.outputs().physical())) {
            outputs = version.outputs().physical();
            running.redirect(outputs);
        }
        standStill(job, running.control());
        tune(version, running.control());
    }

    private void runs(JobVersion version, ReplayControl control) {
        if (!announced) {
            announced = true;
            LOG.info("Job runs job={} version={}", name, number);
        }
        switch (version.state()) {
            case JobState.Starting starting -> note(now -> Transitions.ran(now, number, clock.instant()));
            case JobState.Replaying replaying
            when control.historyRead() -> note(now -> Transitions.readHistory(now, number, clock.instant()));
            case JobState.CatchingUp catchingUp
            when control.caughtUp() -> note(now -> Transitions.caughtUp(now, number, clock.instant()));
            default -> {} // nothing to be noted
        }
    }

    /// Holds both versions of a promotion, and says where this one stands.
    private void standStill(Job job, ReplayControl control) {
        Hold hold = job.hold();
        boolean concerned = hold != null
                && (number == job.live()
                        || job.runningOperation()
                                .filter(operation -> operation.version() == number)
                                .isPresent());
        if (hold == null || !concerned) {
            control.release();
            return;
        }
        control.hold(Vectors.partitions(hold.at()));
        Map<TopicPartition, Long> standing = control.standing();
        if (!standing.isEmpty()) {
            note(now -> Transitions.stood(now, number, Vectors.names(standing), clock.instant()));
        }
    }

    private void tune(JobVersion version, ReplayControl control) {
        Replay wanted = version.replay();
        Replay before = applied;
        if (wanted != null
                && before != null
                && (wanted.rate() != before.rate() || wanted.paused() != before.paused())) {
            control.tune(wanted.rate(), wanted.paused());
        }
        applied = wanted;
    }

    private void note(Function<Job, Optional<JobEvent>> event) {
        registry.note(name, event);
    }

    private void broke(JobVersion version, Failure failure) {
        Instant now = clock.instant();
        boolean steady = isSteady(version, now);
        LOG.warn(
                "Job failed job={} version={} owner={} operator={} position={} cause={}",
                name,
                number,
                failure.owner(),
                failure.operator(),
                failure.position(),
                failure.cause());
        note(job -> Transitions.broke(job, number, failure, steady, now));
    }

    private static boolean isSteady(JobVersion version, Instant now) {
        return version.state().shouldRun()
                && !(version.state() instanceof JobState.Starting)
                && Duration.between(version.state().since(), now).compareTo(Restarts.STEADY) >= 0;
    }

    private void publish(RunState state) {
        StartedVersion present = started;
        if (present != null) {
            localRun = sampler.sample(number, state, present.running());
        }
    }

    /// Stops for good: somebody else may go on with a replay.
    void leave() {
        stop();
        turn.leave();
    }

    void stop() {
        StartedVersion present = started;
        if (present == null) {
            return;
        }
        started = null;
        announced = false;
        localRun = null;
        sampler.reset();
        present.stop(stopTimeout);
        LOG.info("Job has stopped here job={} version={}", name, number);
    }

    /// A runner and the class loader that must outlive it.
    ///
    /// @param created when the version was deployed: a job that another node has deleted and deployed again
    ///     since
    ///     the last step has the same name and number
    /// @param replays a version that has caught up is started once more, to follow its sources plainly
    record StartedVersion(Instant created, boolean replays, RunningVersion running, AutoCloseable classes) {
        boolean isOf(JobVersion version) {
            return version.created().equals(created) && version.state().replays() == replays;
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

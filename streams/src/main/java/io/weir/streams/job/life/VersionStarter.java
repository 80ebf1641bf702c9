package io.weir.streams.job.life;

import io.weir.log.cluster.LogConnection;
import io.weir.streams.dsl.Plan;
import io.weir.streams.job.RunEnd;
import io.weir.streams.job.RunSpec;
import io.weir.streams.job.Runner;
import io.weir.streams.job.artifact.ArtifactStore;
import io.weir.streams.job.artifact.JobCode;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Letters;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.replay.RecordTime;
import io.weir.streams.replay.ReplaySettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Brings a stored version to life on this node: jar, class loader, plan, runner. Safe for use by any thread.
final class VersionStarter {
    private static final Logger LOG = LoggerFactory.getLogger(VersionStarter.class);

    /// Kafka Streams' setting for where the state of a process can be asked for.
    private static final String APPLICATION_SERVER = "application.server";

    private final LogConnection connection;
    private final ArtifactStore artifacts;
    private final Runner runner;
    private final JobsSettings settings;

    VersionStarter(LogConnection connection, ArtifactStore artifacts, Runner runner, JobsSettings settings) {
        this.connection = connection;
        this.artifacts = artifacts;
        this.runner = runner;
        this.settings = settings;
    }

    /// @throws io.weir.log.fault.WeirException when the jar, the class or the plan is at fault
    VersionUnit.StartedVersion start(Job job, JobVersion version) {
        return withCode(
                job,
                version,
                (plan, code) -> new VersionUnit.StartedVersion(
                        version.created(),
                        version.state().replays(),
                        runner.start(specification(job, version, plan, code.classes())),
                        code));
    }

    /// Why the history of a plan cannot be folded from columns; empty if it can be.
    Optional<String> foldRefusal(Plan plan) {
        return runner.foldRefusal(plan);
    }

    /// Starts the run of a snapshot, which reads up to its end.
    ///
    /// @param letters where dead letters are read that are fed again
    VersionUnit.StartedVersion start(
            Job job, JobVersion version, Snapshot snapshot, Replay replay, ResultReader letters) {
        return withCode(job, version, (plan, code) -> {
            Letters range = snapshot.letters();
            FailedRecords failed = range == null
                    ? new FailedRecords(Map.of(), 0, 0, 0)
                    : FailedRecords.read(letters, range, runner.eventTimes(plan));
            RunSpec live = specification(job, version, plan, code.classes());
            RunEnd end = new RunEnd(snapshot.deadLetterTopic(), failed.attemptsByPosition());
            ReplaySettings history = history(replay, snapshot.beforeMillis());
            RunSpec spec = live.until(snapshot.applicationId(), end)
                    .threads(PlanFacts.rekeys(version.plan().json()) ? 1 : live.threads())
                    .into(
                            snapshot.intoLiveOutputs()
                                    ? job.liveVersion().outputs().physical()
                                    : snapshot.outputs())
                    .reading(snapshot.intoLiveOutputs() ? history.only(failed.offsets()) : history);
            return new VersionUnit.StartedVersion(snapshot.asked(), true, runner.start(spec), code);
        });
    }

    /// How to tell the event times of a version's sources. The caller closes it.
    EventTimes eventTimes(Job job, JobVersion version) {
        return withCode(job, version, (plan, code) -> new EventTimes(runner.eventTimes(plan), code));
    }

    /// @param of the time of a topic's records
    /// @param classes that it needs
    record EventTimes(Function<String, RecordTime> of, AutoCloseable classes) implements AutoCloseable {
        @Override
        public void close() {
            closeQuietly(classes);
        }
    }

    /// What is made owns the code.
    private <T> T withCode(Job job, JobVersion version, BiFunction<Plan, JobCode, T> make) {
        JobCode code = JobCode.open(version.artifact(), artifacts.load(version.artifact()), settings.newestJava());
        boolean made = false;
        try {
            T result = make.apply(code.plan(job.name().value(), version.className()), code);
            made = true;
            return result;
        } finally {
            if (!made) {
                closeQuietly(code);
            }
        }
    }

    private RunSpec specification(Job job, JobVersion version, Plan plan, ClassLoader classes) {
        JobConfig config = new JobConfig(version.config());
        Map<String, Object> properties = new HashMap<>(config.clientSettings());
        properties.putAll(connection.clientProperties());
        if (!settings.address().isEmpty()) {
            properties.put(APPLICATION_SERVER, settings.address());
        }
        Replay replay = version.state().replays() ? version.replay() : null;
        // rows enter a repartition topic in order only from one thread, see docs/decisions/0016
        boolean inOrder = replay != null && PlanFacts.rekeys(version.plan().json());
        int threads = config.threads().orElse(settings.threads());
        return new RunSpec(
                job.name().value(),
                version.number(),
                version.applicationId(),
                plan,
                classes,
                properties,
                settings.stateDirectory(),
                inOrder ? 1 : threads,
                connection.replicationFactor(),
                version.outputs().physical(),
                replay == null ? null : history(replay, -1),
                null);
    }

    private static ReplaySettings history(Replay replay, long beforeMillis) {
        return new ReplaySettings(
                Vectors.partitions(replay.start()),
                Vectors.partitions(replay.end()),
                Vectors.partitions(replay.stop()),
                replay.notBeforeMillis(),
                replay.rate(),
                replay.maxDriftMillis(),
                replay.paused(),
                replay.tier(),
                beforeMillis,
                Map.of());
    }

    static void closeQuietly(AutoCloseable closeable) {
        try {
            closeable.close();
        } catch (Exception e) {
            LOG.warn("Job classes could not be closed", e);
        }
    }
}

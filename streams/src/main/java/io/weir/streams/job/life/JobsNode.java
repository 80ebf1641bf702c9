package io.weir.streams.job.life;

import io.weir.log.cluster.LogConnection;
import io.weir.log.journal.CompactedJournal;
import io.weir.log.journal.Journal;
import io.weir.log.journal.JournalSettings;
import io.weir.log.topic.TopicName;
import io.weir.streams.job.Runner;
import io.weir.streams.job.artifact.ArtifactIndex;
import io.weir.streams.job.artifact.ArtifactStore;
import io.weir.streams.job.artifact.TopicChunkReader;
import io.weir.streams.job.compare.Corrections;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.compare.TopicCorrections;
import io.weir.streams.job.compare.TopicResultReader;
import io.weir.streams.job.registry.JobCatalog;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.replay.ColdReader;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The part of this process that runs jobs: opens the registry, starts what should run, ends it again.
/// Whoever
/// opened it closes it.
public final class JobsNode implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(JobsNode.class);
    private static final TopicName REGISTRY = TopicName.of("__weir_jobs");
    private static final TopicName HISTORY = TopicName.of("__weir_jobs_history");
    private static final TopicName ARTIFACTS = TopicName.of("__weir_artifacts");
    private static final Duration READ_ARTIFACT = Duration.ofSeconds(60);

    private final Jobs jobs;

    /// Closed from the newest to the oldest.
    private final Deque<AutoCloseable> parts;

    private JobsNode(Jobs jobs, Deque<AutoCloseable> parts) {
        this.jobs = jobs;
        this.parts = parts;
    }

    /// Reads the registry to its end and begins to run what it says. Blocks until the registry is whole.
    ///
    /// @throws io.weir.log.fault.WeirException when the log does not answer in time; nothing is left open
    ///     then
    public static JobsNode open(LogConnection connection, JobsSettings settings, Runner runner, Clock clock) {
        return open(connection, settings, runner, null, clock);
    }

    /// @param archive tells what of history is archived; null where there is no archive
    /// @throws io.weir.log.fault.WeirException when the log does not answer in time; nothing is left open
    ///     then
    public static JobsNode open(
            LogConnection connection, JobsSettings settings, Runner runner, @Nullable ColdReader archive, Clock clock) {
        Deque<AutoCloseable> parts = new ArrayDeque<>();
        try {
            Journal<JobCatalog> catalog = CompactedJournal.open(
                    connection,
                    JournalSettings.of(REGISTRY).withHistory(HISTORY),
                    JobCatalog.empty(),
                    JobCatalog.fold());
            parts.push(catalog);
            Journal<ArtifactIndex> index = CompactedJournal.open(
                    connection, JournalSettings.of(ARTIFACTS), ArtifactStore.empty(), ArtifactStore.fold());
            parts.push(index);
            KafkaJobCluster cluster = new KafkaJobCluster(connection);
            parts.push(cluster);
            ArtifactStore artifacts = new ArtifactStore(
                    index,
                    new TopicChunkReader(connection, ARTIFACTS, clock, READ_ARTIFACT),
                    settings.artifactDirectory());
            TopicResultReader reader = new TopicResultReader(connection.clientProperties(), clock);
            parts.push(reader);
            VersionStarter starter = new VersionStarter(connection, artifacts, runner, settings);
            return assemble(
                    new JobRegistry(catalog),
                    artifacts,
                    cluster,
                    reader,
                    TopicCorrections.over(connection.clientProperties()),
                    new GroupTurns(connection, REGISTRY.toString()),
                    starter,
                    settings,
                    new ColdTopics(archive, runner::foldAbsence),
                    clock,
                    parts);
        } catch (RuntimeException e) {
            closeAll(parts);
            throw e;
        }
    }

    /// Puts the parts together; what is in `parts` is closed with the node.
    static JobsNode assemble(
            JobRegistry registry,
            ArtifactStore artifacts,
            JobCluster cluster,
            ResultReader reader,
            Corrections.Opener corrections,
            Turns turns,
            VersionStarter starter,
            JobsSettings settings,
            ColdTopics cold,
            Clock clock,
            Deque<AutoCloseable> parts) {
        StateFolders folders = new StateFolders(settings.stateDirectory());
        NodeParts shared = new NodeParts(
                registry, starter, cluster, reader, corrections, turns, folders, clock, settings.stopTimeout());
        Remover remover = new Remover(registry, cluster, artifacts, folders, clock);
        OperationDriver operations = new OperationDriver(
                registry,
                new Comparing(shared),
                new CutOvers(registry, cluster, reader, corrections, clock),
                new SnapshotCuts(shared, new ReplayPlanner(cluster, cold)),
                clock);
        parts.push(operations);
        Reconciler reconciler =
                Reconciler.start(registry, name -> new JobUnit(name, shared, remover, operations), folders, settings);
        parts.push(reconciler);
        Planner planner = new Planner(new PlanCheck(cluster), settings.newestJava(), starter::foldRefusal);
        return new JobsNode(
                new Jobs(registry, artifacts, cluster, planner, reconciler, remover, cold, reader, clock), parts);
    }

    public Jobs jobs() {
        return jobs;
    }

    /// Stops what runs here and leaves the registry as it is: the next node that opens it goes on.
    @Override
    public void close() {
        closeAll(parts);
    }

    private static void closeAll(Deque<AutoCloseable> parts) {
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (Exception e) {
                LOG.warn("Part of the jobs could not be closed", e);
            }
        }
    }
}

package io.weir.streams.job.life;

import io.weir.streams.job.artifact.ArtifactStore;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobCatalog;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Slice;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.job.registry.Transitions;
import java.time.Clock;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Removes deleted jobs, step by step and repeatable: what a crash has interrupted is done again from the
/// start,
/// and the registry forgets the job last. Remembers the newest removals of this process, because a removed
/// job
/// has no place for its own operations. Safe for use by any thread.
final class Remover {
    private static final Logger LOG = LoggerFactory.getLogger(Remover.class);
    private static final int REMEMBERED = 100;

    private final JobRegistry registry;
    private final JobCluster cluster;
    private final ArtifactStore artifacts;
    private final StateFolders folders;
    private final Clock clock;
    private final ReentrantLock lock = new ReentrantLock();

    /// Newest last; guarded by `lock`.
    private final Deque<Removed> removed = new ArrayDeque<>();

    /// A job that is gone.
    record Removed(String job, Operation operation, Removal removal) {}

    Remover(JobRegistry registry, JobCluster cluster, ArtifactStore artifacts, StateFolders folders, Clock clock) {
        this.registry = registry;
        this.cluster = cluster;
        this.artifacts = artifacts;
        this.folders = folders;
        this.clock = clock;
    }

    /// What deleting the job would do now.
    Removal preview(Job job) {
        return Removal.of(
                job,
                cluster,
                JobRegistry.artifactsInUse(registry.newest(), job.name().value()));
    }

    /// The newest removal of a job with this name by this process.
    Optional<Removed> removed(String job) {
        lock.lock();
        try {
            Removed newest = null;
            for (Removed candidate : removed) {
                newest = candidate.job().equals(job) ? candidate : newest;
            }
            return Optional.ofNullable(newest);
        } finally {
            lock.unlock();
        }
    }

    /// Removes the job unless members of its groups are still leaving; then a later call does.
    void remove(Job seen) {
        String name = seen.name().value();
        JobCatalog newest = registry.newest();
        Job job = newest.jobs().get(name);
        if (job == null || !Transitions.isBeingDeleted(job)) {
            return;
        }
        try {
            Removal removal = preview(job);
            if (!removal.groups().stream().allMatch(cluster::isIdle)) {
                return;
            }
            removal.groups().forEach(cluster::deleteGroup);
            cluster.deleteTopics(removal.topics());
            removal.applicationIds().forEach(folders::delete);
            removal.artifacts().forEach(artifacts::remove);
            registry.remove(name);
            remember(
                    new Removed(name, job.lastOperation().ended(Operation.Outcome.DONE, clock.instant(), ""), removal));
            LOG.info("Job was deleted job={} topics={}", name, removal.topics());
        } catch (RuntimeException e) {
            LOG.warn("Job could not be removed job={} cause={}", name, e.toString());
            registry.note(
                    name,
                    now -> Transitions.isBeingDeleted(now)
                            ? Optional.of(new JobEvent.RemovalFailed(clock.instant(), String.valueOf(e.getMessage())))
                            : Optional.empty());
        }
    }

    /// What retiring one version would do now.
    Removal preview(Job job, JobVersion version) {
        return Removal.of(
                job,
                version,
                cluster,
                JobRegistry.artifactsInUse(registry.newest(), job.name().value()));
    }

    /// Removes one version unless members of its group are still leaving; then a later call does.
    void retire(Job seen, JobVersion retired) {
        String name = seen.name().value();
        int number = retired.number();
        try {
            Removal removal = preview(seen, retired);
            if (!removal.groups().stream().allMatch(cluster::isIdle)) {
                return;
            }
            removal.groups().forEach(cluster::deleteGroup);
            cluster.deleteTopics(removal.topics());
            removal.applicationIds().forEach(folders::delete);
            removal.artifacts().forEach(artifacts::remove);
            registry.note(
                    name,
                    now -> Transitions.isBeingRetired(now, number)
                            ? Optional.of(new JobEvent.VersionGone(clock.instant(), number, RemovalJson.of(removal)))
                            : Optional.empty());
            LOG.info("Version was retired job={} version={} topics={}", name, number, removal.topics());
        } catch (RuntimeException e) {
            LOG.warn("Version could not be removed job={} version={} cause={}", name, number, e.toString());
            registry.note(
                    name,
                    now -> Transitions.isBeingRetired(now, number)
                            ? Optional.of(new JobEvent.RemovalFailed(clock.instant(), String.valueOf(e.getMessage())))
                            : Optional.empty());
        }
    }

    /// Removes a snapshot that nobody makes any more, with its results.
    void remove(Snapshot snapshot) {
        String group = snapshot.applicationId();
        List.of(group, group + MyTurn.SUFFIX).stream().filter(cluster::isIdle).forEach(cluster::deleteGroup);
        cluster.deleteTopics(cluster.topics().stream()
                .filter(topic -> Removal.isInternal(group, topic)
                        || topic.equals(snapshot.ownDeadLetterTopic())
                        || snapshot.outputs().containsValue(topic)
                        || snapshot.outputs().keySet().stream()
                                .anyMatch(sink -> topic.equals(Slice.topicOf(sink, snapshot.number()))))
                .toList());
        folders.delete(group);
    }

    private void remember(Removed gone) {
        lock.lock();
        try {
            removed.addLast(gone);
            if (removed.size() > REMEMBERED) {
                removed.removeFirst();
            }
        } finally {
            lock.unlock();
        }
    }
}

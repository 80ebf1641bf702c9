package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.job.registry.Snapshot.Phase;
import io.weir.streams.job.registry.Transitions;
import java.time.Clock;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/// Finds the offsets at which a snapshot as of a time ends: of each partition of a stream those of the first record
/// that lets event time reach the place behind which no earlier row is in time any more. A record's timestamp finds it
/// only where event time is that timestamp, and even there markers of transactions lie about it.
final class SnapshotCuts {
    private final JobRegistry registry;
    private final JobCluster cluster;
    private final ResultReader reader;
    private final VersionStarter starter;
    private final ReplayPlanner replays;
    private final Clock clock;

    SnapshotCuts(NodeParts parts, ReplayPlanner replays) {
        this.registry = parts.registry();
        this.cluster = parts.cluster();
        this.reader = parts.reader();
        this.starter = parts.starter();
        this.replays = replays;
        this.clock = parts.clock();
    }

    /// The work that a job's snapshot needs before it can read; nothing when there is none.
    ///
    /// @throws WeirException what ends the snapshot
    void step(Job job) {
        Snapshot snapshot = job.snapshots().stream()
                .filter(each -> each.phase() == Phase.RESOLVING)
                .findFirst()
                .orElse(null);
        if (snapshot == null) {
            return;
        }
        int number = snapshot.number();
        try {
            JobVersion version = Transitions.require(job, snapshot.version());
            Replay replay = replays.bounded(job.name().value(), version, vector(job, version, snapshot), 0);
            registry.note(
                    job.name().value(),
                    now -> now.snapshot(number)
                            .filter(each -> each.phase() == Phase.RESOLVING)
                            .map(each -> new JobEvent.SnapshotCut(clock.instant(), number, replay)));
        } catch (WeirException e) {
            if (e.whose() == Whose.EXTERNAL) {
                throw e; // looked for again
            }
            registry.note(
                    job.name().value(),
                    now -> now.snapshot(number)
                            .filter(Snapshot::running)
                            .map(each -> SnapshotUnit.broke(number, String.valueOf(e.getMessage()), clock.instant())));
        }
    }

    private Map<String, Long> vector(Job job, JobVersion version, Snapshot snapshot) {
        Collection<String> sources = version.plan().sources();
        Set<String> tables = PlanFacts.tables(version.plan().json());
        Set<String> globals = PlanFacts.globals(version.plan().json());
        Set<String> timed = PlanFacts.timedByField(version.plan().json());
        Map<String, Long> starts = cluster.starts(sources);
        Map<String, Long> vector = new HashMap<>(cluster.ends(sources));
        List<String> streams = sources.stream()
                .filter(topic -> !tables.contains(topic) && !globals.contains(topic))
                .toList();
        Map<String, Long> atLeast = cluster.offsetsAt(
                streams.stream().filter(topic -> !timed.contains(topic)).toList(),
                Instant.ofEpochMilli(snapshot.reachMillis()));
        try (VersionStarter.EventTimes times = starter.eventTimes(job, version)) {
            vector.replaceAll((name, end) -> {
                TopicPartition partition = Vectors.partition(name);
                return streams.contains(partition.topic())
                        ? reader.firstReaching(
                                partition.topic(),
                                partition.partition(),
                                Math.max(starts.getOrDefault(name, 0L), atLeast.getOrDefault(name, 0L)),
                                end,
                                times.of().apply(partition.topic()),
                                snapshot.reachMillis())
                        : end;
            });
        }
        return vector;
    }

    /// What a repetition has to be given to come out the same.
    static Optional<Instant> before(Snapshot snapshot) {
        return snapshot.beforeMillis() < 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(snapshot.beforeMillis()));
    }
}

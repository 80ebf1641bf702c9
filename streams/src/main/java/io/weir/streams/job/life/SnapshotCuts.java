package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Letters;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Slice;
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
import java.util.TreeMap;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/// Finds the offsets between which a run over history reads. It ends, in each partition of a stream, before
/// the first
/// record that lets event time reach the place behind which no earlier row is in time any more. A record's
/// timestamp
/// finds it only where event time is that timestamp, and even there markers of transactions lie about it.
final class SnapshotCuts {
    private final JobRegistry registry;
    private final JobCluster cluster;
    private final ResultReader reader;
    private final VersionStarter starter;
    private final ReplayPlanner replays;
    private final Clock clock;

    /// What was found.
    private record Cut(Replay replay, @Nullable Slice slice) {}

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
            Cut cut = cut(job, version, snapshot);
            registry.note(
                    job.name().value(),
                    now -> now.snapshot(number)
                            .filter(each -> each.phase() == Phase.RESOLVING)
                            .map(each -> new JobEvent.SnapshotCut(clock.instant(), number, cut.replay, cut.slice)));
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

    private Cut cut(Job job, JobVersion version, Snapshot snapshot) {
        String name = job.name().value();
        Slice slice = snapshot.slice();
        Letters letters = snapshot.letters();
        try (VersionStarter.EventTimes times = starter.eventTimes(job, version)) {
            if (letters != null) {
                FailedRecords failed = FailedRecords.read(reader, letters, times.of());
                return snapshot.intoLiveOutputs()
                        ? new Cut(those(name, version, failed), null)
                        : around(job, version, failed, times);
            }
            Map<String, Long> ends = reaching(version, snapshot.reachMillis(), times);
            return slice == null
                    ? new Cut(replays.bounded(name, version, ends, 0), null)
                    : new Cut(between(name, version, slice, ends), null);
        }
    }

    private Replay between(String job, JobVersion version, Slice slice, Map<String, Long> ends) {
        long margin = PlanFacts.reachMillis(version.plan().json());
        return replays.between(job, version, Instant.ofEpochMilli(slice.fromMillis() - margin), ends);
    }

    /// The time that failed records cover, with every window that one of them belongs to.
    private Cut around(Job job, JobVersion version, FailedRecords failed, VersionStarter.EventTimes times) {
        String name = job.name().value();
        long margin = PlanFacts.reachMillis(version.plan().json());
        Slice slice = new Slice(failed.earliestMillis() - margin, failed.latestMillis() + 1 + margin, List.of(), false);
        Map<String, Long> ends = reaching(version, slice.toMillis() + margin, times);
        Map<String, Long> all = cluster.ends(version.plan().sources());
        for (TopicPartition partition : failed.attempts().keySet()) {
            Long end = all.get(partition.toString());
            if (end != null && end.equals(ends.get(partition.toString())) && isStream(version, partition.topic())) {
                throw WeirException.conflict(
                        "redrive-refused",
                        "Job '" + name + "': the newest dead letter is of "
                                + Instant.ofEpochMilli(failed.latestMillis())
                                + ", and a window that it belongs to may still be open in partition '" + partition
                                + "'. Try again once its event time has passed "
                                + Instant.ofEpochMilli(slice.toMillis() + margin) + ".");
            }
        }
        return new Cut(between(name, version, slice, ends), slice);
    }

    /// From the first failed record of each partition to the last one.
    private Replay those(String job, JobVersion version, FailedRecords failed) {
        Map<String, Long> starts = cluster.starts(version.plan().sources());
        Map<String, Long> ends = cluster.ends(version.plan().sources());
        Map<String, Long> from = new HashMap<>();
        Map<String, Long> to = new HashMap<>();
        ends.forEach((name, end) -> {
            TopicPartition partition = Vectors.partition(name);
            TreeMap<Long, Integer> offsets = failed.attempts().get(partition);
            if (isStream(version, partition.topic())) {
                from.put(name, offsets == null ? end : offsets.firstKey());
                to.put(name, offsets == null ? end : offsets.lastKey() + 1);
            }
        });
        failed.attempts().forEach((partition, offsets) -> {
            String name = partition.toString();
            if (!from.containsKey(name)) {
                throw WeirException.conflict(
                        "redrive-refused",
                        "Job '" + job + "': dead letters of topic '" + partition.topic()
                                + "' cannot be fed again: it is no stream that the job reads. Replay a version instead:"
                                + " POST /jobs/" + job + "/versions.");
            }
            if (offsets.firstKey() < starts.getOrDefault(name, 0L)) {
                throw WeirException.conflict(
                        "offsets-gone",
                        "Partition '" + name + "': offset " + offsets.firstKey() + ", of a dead letter, is gone. The"
                                + " oldest that can be read is " + starts.get(name) + ".");
            }
        });
        return replays.exactly(job, version, from, to);
    }

    private static boolean isStream(JobVersion version, String topic) {
        return version.plan().sources().contains(topic)
                && !PlanFacts.tables(version.plan().json()).contains(topic)
                && !PlanFacts.globals(version.plan().json()).contains(topic);
    }

    /// The first offset of each stream's partition that reaches a time; the end of it and of tables without
    /// one.
    private Map<String, Long> reaching(JobVersion version, long reachMillis, VersionStarter.EventTimes times) {
        Collection<String> sources = version.plan().sources();
        Set<String> timed = PlanFacts.timedByField(version.plan().json());
        Map<String, Long> starts = cluster.starts(sources);
        Map<String, Long> vector = new HashMap<>(cluster.ends(sources));
        List<String> streams =
                sources.stream().filter(topic -> isStream(version, topic)).toList();
        Map<String, Long> atLeast = cluster.offsetsAt(
                streams.stream().filter(topic -> !timed.contains(topic)).toList(), Instant.ofEpochMilli(reachMillis));
        vector.replaceAll((name, end) -> {
            TopicPartition partition = Vectors.partition(name);
            return streams.contains(partition.topic())
                    ? reader.firstReaching(
                            partition.topic(),
                            partition.partition(),
                            Math.max(starts.getOrDefault(name, 0L), atLeast.getOrDefault(name, 0L)),
                            end,
                            times.of().apply(partition.topic()),
                            reachMillis)
                    : end;
        });
        return vector;
    }

    /// What a repetition has to be given to come out the same.
    static Optional<Instant> before(Snapshot snapshot) {
        return snapshot.beforeMillis() < 0
                ? Optional.empty()
                : Optional.of(Instant.ofEpochMilli(snapshot.beforeMillis()));
    }
}

package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Letters;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.job.registry.Transitions;
import io.weir.streams.replay.RecordTime;
import java.time.Clock;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// What a user can ask for that runs a version's code over some of history, beside everything that follows
/// the
/// sources, and comes to an end. Safe for use by any thread; methods block.
public final class Reruns {
    private static final int SHOWN = 20;

    private final JobRegistry registry;
    private final ReplayPlanner replays;
    private final Remover remover;
    private final JobCluster cluster;
    private final ResultReader reader;
    private final Clock clock;

    Reruns(
            JobRegistry registry,
            ReplayPlanner replays,
            Remover remover,
            JobCluster cluster,
            ResultReader reader,
            Clock clock) {
        this.registry = registry;
        this.replays = replays;
        this.remover = remover;
        this.cluster = cluster;
        this.reader = reader;
        this.clock = clock;
    }

    /// The results of a version as of a place in its sources, in topics of their own.
    ///
    /// @param version null takes the live one
    /// @throws WeirException `snapshot-refused` (422) when the plan holds rows back by a clock of its own;
    ///     see
    ///     [ReplayPlanner#bounded] and [Transitions#snapshot]
    public Job snapshot(
            String name,
            @Nullable Integer version,
            SnapshotRequest request,
            Map<String, String> asGiven,
            OptionalLong expectedRev) {
        Job seen = JobRegistry.require(registry.newest(), name);
        RepeatedRequest.refuse(seen, Operation.Kind.SNAPSHOT, asGiven);
        JobVersion wanted = Transitions.require(seen, version == null ? seen.live() : version);
        PlanFacts.settles(wanted.plan().json()).ifPresent(stage -> {
            throw new WeirException(
                    "snapshot-refused",
                    Whose.USER,
                    422,
                    "Job '" + name + "': stage '" + stage + "' holds rows back until they have settled, which no end of"
                            + " its input brings about. A snapshot would lack them.",
                    null);
        });
        return switch (request.asOf()) {
            case SnapshotRequest.AsOf.Now now ->
                snapshot(name, wanted, -1, -1, bounded(name, wanted, Map.of(), request), asGiven, expectedRev);
            case SnapshotRequest.AsOf.Offsets at ->
                snapshot(
                        name,
                        wanted,
                        at.before().map(Instant::toEpochMilli).orElse(-1L),
                        -1,
                        bounded(name, wanted, at.offsets(), request),
                        asGiven,
                        expectedRev);
            case SnapshotRequest.AsOf.Time at -> {
                long before = at.time().toEpochMilli();
                long reach = before + PlanFacts.reachMillis(wanted.plan().json());
                yield snapshot(name, wanted, before, reach, null, asGiven, expectedRev);
            }
        };
    }

    private Replay bounded(String name, JobVersion version, Map<String, Long> vector, SnapshotRequest request) {
        return replays.bounded(name, version, vector, request.rate());
    }

    private Job snapshot(
            String name,
            JobVersion version,
            long beforeMillis,
            long reachMillis,
            @Nullable Replay replay,
            Map<String, String> asGiven,
            OptionalLong expectedRev) {
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.SNAPSHOT, asGiven);
            return Transitions.snapshot(
                    job, version.number(), beforeMillis, reachMillis, replay, asGiven, clock.instant());
        });
    }

    /// Removes a snapshot with its results.
    ///
    /// @throws WeirException `snapshot-unknown` (404), `operation-running` (409) while it is made
    public Job remove(String name, int number, OptionalLong expectedRev) {
        Job seen = JobRegistry.require(registry.newest(), name);
        Snapshot snapshot = Transitions.requireSnapshot(seen, number);
        Transitions.removeSnapshot(seen, number, clock.instant());
        remover.remove(snapshot);
        return registry.change(name, expectedRev, job -> Transitions.removeSnapshot(job, number, clock.instant()));
    }

    /// Computes windows of a range of event time anew and publishes those that come out differently.
    ///
    /// @throws WeirException `backfill-refused` (422) naming the stage whose state no range holds; see
    ///     [Transitions#backfill]
    public Job backfill(String name, BackfillRequest request, Map<String, String> asGiven, OptionalLong expectedRev) {
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.BACKFILL, asGiven);
            JobVersion version = requireBackfillable(job, request.version());
            long reach = request.to().toEpochMilli()
                    + PlanFacts.reachMillis(version.plan().json());
            return Transitions.backfill(job, version.number(), reach, request.slice(), asGiven, clock.instant());
        });
    }

    /// What [#backfill] would read and publish.
    public ObjectNode previewBackfill(String name, BackfillRequest request) {
        Job job = JobRegistry.require(registry.newest(), name);
        JobVersion version = requireBackfillable(job, request.version());
        JsonNode plan = version.plan().json();
        long margin = PlanFacts.reachMillis(plan);
        Map<String, Long> ends = cluster.ends(version.plan().sources());
        Replay replay = replays.between(name, version, request.from().minusMillis(margin), ends);
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("job", name)
                .put("version", version.number())
                .put("marginMillis", margin);
        body.putObject("reads")
                .put("from", request.from().minusMillis(margin).toString())
                .put("to", request.to().plusMillis(margin).toString());
        ObjectNode atMost = body.putObject("recordsAtMost");
        version.plan().sources().forEach(topic -> atMost.put(topic, count(topic, replay.start(), replay.stop())));
        ArrayNode outputs = body.putArray("outputs");
        Set<String> sinks = Publishing.sinks(job, version);
        sinks.forEach(sink -> outputs.addObject()
                .put("output", sink)
                .put("topic", Publishing.target(job, sink, request.ownTopic(), job.nextSnapshot())));
        ArrayNode untouched = body.putArray("untouched");
        version.plan().sinks().stream().filter(sink -> !sinks.contains(sink)).forEach(untouched::add);
        return body;
    }

    private static long count(String topic, Map<String, Long> from, Map<String, Long> to) {
        return to.entrySet().stream()
                .filter(end -> Vectors.partition(end.getKey()).topic().equals(topic))
                .mapToLong(end -> Math.max(0, end.getValue() - from.getOrDefault(end.getKey(), 0L)))
                .sum();
    }

    private static JobVersion requireBackfillable(Job job, @Nullable Integer number) {
        JobVersion version = Transitions.require(job, number == null ? job.live() : number);
        PlanFacts.outsideOfTime(version.plan().json()).ifPresent(stage -> {
            throw refused(
                    job,
                    "backfill-refused",
                    "stage '" + stage.getKey() + "' " + stage.getValue()
                            + ", so no range of time holds what its rows come from. Replay a version instead.");
        });
        if (Publishing.sinks(job, version).isEmpty()) {
            throw refused(
                    job,
                    "backfill-refused",
                    "none of the live version's outputs "
                            + job.liveVersion().plan().sinks()
                            + " holds results of windows of version " + version.number()
                            + ", which alone can be replaced. Replay a version instead.");
        }
        return version;
    }

    /// Feeds the dead letters that were not fed yet to the live version's code: alone and into the live
    /// outputs when
    /// the job keeps no windows, else as a backfill of the time that they cover.
    ///
    /// @throws WeirException `dlq-empty` (409), `redrive-refused` (422) naming the stage whose state cannot
    ///     be mended
    ///     from beside; see [Transitions#redrive]
    public Job redrive(String name, Map<String, String> asGiven, OptionalLong expectedRev) {
        Job seen = JobRegistry.require(registry.newest(), name);
        RepeatedRequest.refuse(seen, Operation.Kind.REDRIVE, asGiven);
        Letters letters = lettersToFeed(seen);
        boolean windows = requireRedrivable(seen);
        return registry.change(name, expectedRev, job -> {
            RepeatedRequest.refuse(job, Operation.Kind.REDRIVE, asGiven);
            return Transitions.redrive(job, letters, windows, asGiven, clock.instant());
        });
    }

    /// What [#redrive] would feed.
    public ObjectNode previewRedrive(String name) {
        Job job = JobRegistry.require(registry.newest(), name);
        Letters letters = lettersToFeed(job);
        boolean windows = requireRedrivable(job);
        FailedRecords failed = FailedRecords.read(reader, letters, topic -> RecordTime.TIMESTAMP);
        ObjectNode body = JsonNodeFactory.instance
                .objectNode()
                .put("job", name)
                .put("version", job.live())
                .put("letters", failed.letters())
                .put("how", windows ? "backfill" : "records");
        ObjectNode records = body.putObject("records");
        new TreeMap<>(failed.attemptsByPosition()).forEach((position, attempts) -> {
            if (records.size() < SHOWN) {
                records.put(position, attempts);
            }
        });
        return body;
    }

    private Letters lettersToFeed(Job job) {
        Optional<Snapshot> unfinished = Transitions.unfinishedRedrive(job);
        if (unfinished.isPresent() && unfinished.get().letters() != null) {
            return unfinished.get().letters();
        }
        String topic = job.name().deadLetterTopic();
        Map<String, Long> from = new HashMap<>(cluster.starts(List.of(topic)));
        from.replaceAll((partition, start) -> Math.max(start, job.redriven().getOrDefault(partition, 0L)));
        Map<String, Long> to = cluster.ends(List.of(topic));
        boolean any = to.entrySet().stream()
                .anyMatch(end -> reader.holdsRecords(
                        topic,
                        Vectors.partition(end.getKey()).partition(),
                        from.getOrDefault(end.getKey(), 0L),
                        end.getValue()));
        if (!any) {
            throw WeirException.conflict(
                    "dlq-empty",
                    "Job '" + job.name() + "': topic '" + topic + "' holds no dead letter"
                            + (job.redriven().isEmpty()
                                    ? "."
                                    : " that was not fed again already, up to " + job.redriven() + "."));
        }
        return new Letters(from, to);
    }

    /// Whether the job has windows.
    private static boolean requireRedrivable(Job job) {
        JsonNode plan = job.liveVersion().plan().json();
        PlanFacts.outsideOfTime(plan).ifPresent(stage -> {
            throw refused(
                    job,
                    "redrive-refused",
                    "stage '" + stage.getKey() + "' " + stage.getValue() + ". What it has missed cannot be added from"
                            + " beside. The records are in its sources: replay a version instead.");
        });
        boolean windows = PlanFacts.hasWindows(plan);
        Set<String> others = new TreeSet<>(PlanFacts.appendedSinks(plan));
        if (windows && (!others.isEmpty() || PlanFacts.windowedSinks(plan).isEmpty())) {
            throw refused(
                    job,
                    "redrive-refused",
                    "it has windows, and outputs " + others + " hold rows that are no results of them and could not be"
                            + " told apart from those that are there. Replay a version instead.");
        }
        return windows;
    }

    private static WeirException refused(Job job, String code, String why) {
        return new WeirException(code, Whose.USER, 422, "Job '" + job.name() + "': " + why, null);
    }
}

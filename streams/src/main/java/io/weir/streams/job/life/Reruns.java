package io.weir.streams.job.life;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.job.registry.Transitions;
import java.time.Clock;
import java.time.Instant;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/// What a user can ask for that runs a version's code over some of history, beside everything that follows the
/// sources, and comes to an end. Safe for use by any thread; methods block.
public final class Reruns {
    private final JobRegistry registry;
    private final ReplayPlanner replays;
    private final Remover remover;
    private final Clock clock;

    Reruns(JobRegistry registry, ReplayPlanner replays, Remover remover, Clock clock) {
        this.registry = registry;
        this.replays = replays;
        this.remover = remover;
        this.clock = clock;
    }

    /// The results of a version as of a place in its sources, in topics of their own.
    ///
    /// @param version null takes the live one
    /// @throws WeirException `snapshot-refused` (422) when the plan holds rows back by a clock of its own; see
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
}

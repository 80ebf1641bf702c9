package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.PlanNote;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.replay.ReplayTier;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// Turns a wish for a replay into offsets, and refuses what cannot come out right. Safe for use by any
/// thread.
final class ReplayPlanner {
    private static final long LONGEST_DRIFT_MILLIS = Duration.ofMinutes(10).toMillis();

    /// Where partitions never meet, order among them costs time and gives nothing; a bound is kept so that
    /// progress in
    /// event time means something.
    private static final long LONGEST_DRIFT_APART_MILLIS = Duration.ofDays(1).toMillis();

    private final JobCluster cluster;
    private final ColdTopics cold;

    ReplayPlanner(JobCluster cluster, ColdTopics cold) {
        this.cluster = cluster;
        this.cold = cold;
    }

    /// @throws WeirException `offsets-gone` (409) when the beginning is no longer there, `replay-refused`
    ///     (422),
    ///     `tier-refused` (409)
    Replay plan(String job, JobVersion version, ReplayRequest request) {
        List<String> sources = version.plan().sources();
        Map<String, Long> starts = cluster.starts(sources);
        Map<String, Long> ends = cluster.ends(sources);
        Set<String> tables = PlanFacts.tables(version.plan().json());
        long notBefore = -1;
        Map<String, Long> from = new HashMap<>(starts);
        switch (request.from()) {
            case ReplayRequest.From.Beginning beginning -> {}
            case ReplayRequest.From.At at -> {
                notBefore = at.time().toEpochMilli();
                // where event time is a field, a record's timestamp says nothing about it
                Set<String> timed = PlanFacts.timedByField(version.plan().json());
                from.putAll(cluster.offsetsAt(
                        sources.stream()
                                .filter(topic -> !tables.contains(topic) && !timed.contains(topic))
                                .toList(),
                        at.time()));
            }
            case ReplayRequest.From.Offsets offsets ->
                from.putAll(checked(job, "from", offsets.offsets(), starts, ends));
        }
        Map<String, Long> to = checked(job, "to", request.to(), starts, Map.of());
        Map<String, Long> stop = new HashMap<>();
        if (!to.isEmpty()) {
            // every partition needs an end, or the run would follow the ones that were not named
            stop.putAll(ends);
            stop.putAll(to);
        }
        return new Replay(
                from,
                ends,
                stop,
                notBefore,
                request.rate(),
                drift(job, version, request),
                false,
                cold.tier(
                        job,
                        streams(version.plan()),
                        from,
                        request.tier(),
                        foldRefusal(version.plan(), request.rate())));
    }

    /// Where a replay of all history would read it.
    ReplayTier tier(PlanNote plan) {
        List<String> streams = streams(plan);
        return cold.tier("", streams, cluster.starts(streams), Optional.empty(), foldRefusal(plan, 0));
    }

    private static Optional<String> foldRefusal(PlanNote plan, long rate) {
        if (!plan.foldRefusal().isEmpty()) {
            return Optional.of(plan.foldRefusal());
        }
        return rate > 0 ? Optional.of("a rate is asked for, and a fold has none") : Optional.empty();
    }

    /// Global tables have a reader of their own.
    private static List<String> streams(PlanNote plan) {
        Set<String> globals = PlanFacts.globals(plan.json());
        return plan.sources().stream().filter(topic -> !globals.contains(topic)).toList();
    }

    /// A run from the beginning up to a place, through the broker.
    ///
    /// @param vector of any partitions; the others are read to their ends
    /// @throws WeirException `offsets-gone` (409), `replay-refused` (422)
    Replay bounded(String job, JobVersion version, Map<String, Long> vector, long rate) {
        List<String> sources = version.plan().sources();
        Map<String, Long> ends = cluster.ends(sources);
        vector.forEach((partition, offset) -> {
            Long end = ends.get(partition);
            if (end != null && offset > end) {
                throw refusal("Partition '" + partition + "': must not be read beyond its end " + end + ", got "
                        + offset + ".");
            }
        });
        Map<String, Long> to = new HashMap<>(ends);
        to.putAll(vector);
        return plan(
                job,
                version,
                new ReplayRequest(
                        new ReplayRequest.From.Beginning(), to, rate, Optional.empty(), Optional.of(ReplayTier.T1)));
    }

    /// A run over a range of event time, through the broker.
    ///
    /// @param from first event time of streams
    /// @param ends of all partitions
    Replay between(String job, JobVersion version, Instant from, Map<String, Long> ends) {
        return plan(
                job,
                version,
                new ReplayRequest(
                        new ReplayRequest.From.At(from), ends, 0, Optional.empty(), Optional.of(ReplayTier.T1)));
    }

    /// A run over given offsets of streams, through the broker; tables are read whole.
    ///
    /// @param from by `topic-partition`
    /// @param to exclusive
    Replay exactly(String job, JobVersion version, Map<String, Long> from, Map<String, Long> to) {
        return plan(
                job,
                version,
                new ReplayRequest(
                        new ReplayRequest.From.Offsets(from), to, 0, Optional.empty(), Optional.of(ReplayTier.T1)));
    }

    private static Map<String, Long> checked(
            String job, String what, Map<String, Long> offsets, Map<String, Long> starts, Map<String, Long> ends) {
        offsets.forEach((partition, offset) -> {
            Long start = starts.get(partition);
            if (start == null) {
                throw refusal("Job '" + job + "': replay " + what + " names partition '" + partition
                        + "', which is none of its sources, known are " + starts.keySet() + ".");
            }
            if (offset < start) {
                throw WeirException.conflict(
                        "offsets-gone",
                        "Partition '" + partition + "': offset " + offset + " is gone, the oldest that can be read is "
                                + start + ". Begin there, or at the beginning.");
            }
            Long end = ends.get(partition);
            if (end != null && offset > end) {
                throw refusal("Partition '" + partition + "': replay " + what + " must not lie behind its end " + end
                        + ", got " + offset + ".");
            }
        });
        return offsets;
    }

    /// What arrives later than the smallest grace behind a re-key would be turned away.
    private static long drift(String job, JobVersion version, ReplayRequest request) {
        JsonNode plan = version.plan().json();
        OptionalLong grace = PlanFacts.smallestGraceBehindRekey(plan);
        if (request.maxDrift().isEmpty()) {
            if (grace.isPresent()) {
                return Math.max(1, Math.min(LONGEST_DRIFT_MILLIS, grace.getAsLong() / 2));
            }
            return PlanFacts.partitionsNeverMeet(plan) ? LONGEST_DRIFT_APART_MILLIS : LONGEST_DRIFT_MILLIS;
        }
        long wanted = request.maxDrift().get().toMillis();
        if (wanted < 1 || (grace.isPresent() && wanted >= grace.getAsLong())) {
            throw refusal("Job '" + job + "': maxDrift must be at least 1 ms"
                    + (grace.isPresent()
                            ? " and less than the smallest grace behind a re-key, " + grace.getAsLong() + " ms"
                            : "")
                    + ", got " + wanted + " ms.");
        }
        return wanted;
    }

    private static WeirException refusal(String message) {
        return new WeirException("replay-refused", Whose.USER, 422, message, null);
    }
}

package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.compare.CompareRules;
import io.weir.streams.job.compare.Comparison;
import io.weir.streams.job.compare.Corrections;
import io.weir.streams.job.compare.Difference;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.compare.ResultRow;
import io.weir.streams.job.compare.ResultView;
import io.weir.streams.job.compare.TopicCorrections;
import io.weir.streams.job.failpoint.JobFailpoint;
import io.weir.streams.job.registry.Hold;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Outputs;
import io.weir.streams.job.registry.Transitions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Lets one version take over from the live one, step by step. Each call looks at what is there, does what is
/// missing
/// and may be repeated by anybody: after a crash, or on another node at the same time.
///
/// 1. both say where they stand; the barrier is the greater position of each partition
/// 2. both go on to the barrier and commit, or to where one of them has come past it; where all outputs end
/// then is
///    written down
///    From here on there is no way back: corrections may have been written
/// 3. rows that differ are corrected in one transaction, the old ones kept in the old version's own topic
/// 4. one record exchanges live, warm and outputs; both go on
final class CutOvers {
    private static final Logger LOG = LoggerFactory.getLogger(CutOvers.class);
    private static final int MOST_LOOKS = 500;

    private final JobRegistry registry;
    private final JobCluster cluster;
    private final ResultReader reader;
    private final Drain drain;
    private final Corrections.Opener corrections;
    private final Clock clock;

    CutOvers(
            JobRegistry registry,
            JobCluster cluster,
            ResultReader reader,
            Corrections.Opener corrections,
            Clock clock) {
        this.registry = registry;
        this.cluster = cluster;
        this.reader = reader;
        this.drain = new Drain(cluster, reader);
        this.corrections = corrections;
        this.clock = clock;
    }

    /// The next step.
    ///
    /// @throws WeirException what ends the operation
    void step(Job job, Operation operation) {
        JobVersion winner = Transitions.require(job, operation.version());
        JobVersion loser = job.liveVersion();
        CutOverRequest request = CutOverRequest.of(operation.request());
        Hold hold = job.hold();
        if (hold == null) {
            finish(job, operation, winner.outputs(), loser.outputs(), result(request, 0, Map.of(), clock.instant()));
            return;
        }
        if (hold.marks().isEmpty()) {
            refuseTooLong(job, hold, request);
        }
        if (hold.at().isEmpty()) {
            JobFailpoint.HELD.reach();
            setBarrier(job, operation, hold, winner, loser);
        } else if (hold.marks().isEmpty()) {
            Map<String, Long> further = further(hold, List.of(winner, loser));
            if (!further.equals(hold.at())) {
                note(job, operation, new JobEvent.BarrierSet(clock.instant(), further));
            } else if (stands(loser, hold) && stands(winner, hold) && settled(List.of(loser, winner))) {
                mark(job, operation, winner, loser);
            }
        } else {
            correct(job, operation, request, hold, winner, loser);
        }
    }

    private void refuseTooLong(Job job, Hold hold, CutOverRequest request) {
        Duration held = Duration.between(hold.since(), clock.instant());
        if (held.compareTo(request.maxPause()) > 0) {
            throw WeirException.conflict(
                    "barrier-timeout",
                    "Job '" + job.name() + "': both versions stood still for " + held.toMillis()
                            + " ms, at most " + request.maxPause().toMillis()
                            + " ms are allowed. Version " + job.live()
                            + " goes on. Try again when the new one is less behind, or with a longer maxPause.");
        }
    }

    private void setBarrier(Job job, Operation operation, Hold hold, JobVersion winner, JobVersion loser) {
        Map<String, Long> barrier = new HashMap<>();
        for (JobVersion version : List.of(winner, loser)) {
            Map<String, Long> seen = hold.seen().getOrDefault(version.number(), Map.of());
            if (!seen.keySet()
                    .containsAll(cluster.ends(version.plan().sources()).keySet())) {
                return;
            }
            seen.forEach((partition, offset) -> barrier.merge(partition, offset, Math::max));
        }
        note(job, operation, new JobEvent.BarrierSet(clock.instant(), barrier));
        JobFailpoint.BARRIER_SET.reach();
    }

    /// The barrier, moved to where a version has committed past it: a node that was given a partition in the
    /// middle of
    /// the hold, and had not heard of it, read on.
    private Map<String, Long> further(Hold hold, List<JobVersion> versions) {
        Map<String, Long> barrier = new HashMap<>(hold.at());
        for (JobVersion version : versions) {
            cluster.committed(version.applicationId())
                    .forEach((partition, position) -> barrier.computeIfPresent(
                            partition, (unused, offset) -> Math.max(offset, position.offset())));
        }
        return barrier;
    }

    private static Set<String> sources(JobVersion version) {
        Set<String> sources = new TreeSet<>(version.plan().sources());
        sources.removeAll(PlanFacts.globals(version.plan().json()));
        return sources;
    }

    private boolean stands(JobVersion version, Hold hold) {
        return drain.isAt(version.applicationId(), sources(version), hold.at());
    }

    /// Whether no transaction is open on any output. The end of one reaches its partitions one after the
    /// other: offsets
    /// that are committed do not say that rows can be read yet.
    private boolean settled(List<JobVersion> versions) {
        Set<String> topics = new TreeSet<>();
        for (JobVersion version : versions) {
            version.plan().sinks().forEach(sink -> {
                topics.add(sink);
                topics.add(version.outputs().topicOf(sink));
            });
        }
        return cluster.ends(topics).equals(cluster.writtenEnds(topics));
    }

    /// Creates the topics that are still missing, and notes where all of them end.
    private void mark(Job job, Operation operation, JobVersion winner, JobVersion loser) {
        Set<String> topics = new TreeSet<>();
        for (String sink : winner.plan().sinks()) {
            cluster.createLike(sink, winner.outputs().topicOf(sink));
            topics.add(sink);
            refuseOtherPartitions(job, winner, sink);
        }
        for (String sink : loser.plan().sinks()) {
            cluster.createLike(own(sink, loser), sink);
            topics.add(sink);
            topics.add(own(sink, loser));
        }
        note(job, operation, new JobEvent.OutputsMarked(clock.instant(), cluster.ends(topics)));
        JobFailpoint.MARKED.reach();
    }

    private void refuseOtherPartitions(Job job, JobVersion winner, String sink) {
        String own = winner.outputs().topicOf(sink);
        Map<String, JobCluster.TopicFacts> facts = cluster.describe(List.of(sink, own));
        int real = Optional.ofNullable(facts.get(sink))
                .map(JobCluster.TopicFacts::partitions)
                .orElse(0);
        int beside = Optional.ofNullable(facts.get(own))
                .map(JobCluster.TopicFacts::partitions)
                .orElse(0);
        if (real != beside) {
            throw WeirException.conflict(
                    "promote-refused",
                    "Job '" + job.name() + "': topic '" + sink + "' has " + real + " partitions and '" + own + "' has "
                            + beside + ", so rows would not stand where they are looked for. Use mode pointer.");
        }
    }

    private void correct(
            Job job, Operation operation, CutOverRequest request, Hold hold, JobVersion winner, JobVersion loser) {
        Set<String> sinks = PlanFacts.keyedSinks(winner.plan().json());
        // outputs stand still meanwhile: what is written is read again only when an earlier attempt may have written
        boolean first = isUntouched(hold);
        long[] written = new long[1];
        try (Corrections transaction = corrections.open(job.name().value(), operation.id())) {
            sinks.forEach(sink -> written[0] += correct(sink, winner, loser, transaction));
            JobFailpoint.BEFORE_CORRECTIONS_COMMIT.reach();
            transaction.commit();
        }
        JobFailpoint.AFTER_CORRECTIONS_COMMIT.reach();
        // what was committed is there for sure, it only may not be readable for some milliseconds
        int looks = MOST_LOOKS;
        while (looks-- > 0 && !settled(List.of(loser, winner))) {
            LOG.debug("Corrections are not readable yet job={}", job.name());
        }
        Map<String, Long> shared = new HashMap<>(hold.marks());
        shared.keySet()
                .removeIf(name ->
                        !loser.plan().sinks().contains(Vectors.partition(name).topic()));
        Map<String, Long> own = new HashMap<>(hold.marks());
        own.keySet().removeAll(shared.keySet());
        own.keySet()
                .removeIf(name ->
                        winner.plan().sinks().contains(Vectors.partition(name).topic()));
        Outputs beside = Outputs.after(loser.plan().sinks(), loser.number(), shared, own);
        finish(
                job,
                operation,
                Outputs.REAL,
                beside,
                result(
                        request,
                        first
                                ? written[0]
                                : sinks.stream()
                                        .mapToLong(sink -> counted(sink, hold, operation))
                                        .sum(),
                        hold.at(),
                        hold.since()));
    }

    /// Rows that a crashed attempt has committed differ no longer.
    ///
    /// @return how many rows were corrected
    private long correct(String sink, JobVersion winner, JobVersion loser, Corrections transaction) {
        ResultViews views = new ResultViews(cluster);
        Map<Integer, ResultView> now = loser.plan().sinks().contains(sink) ? views.of(loser, sink) : Map.of();
        boolean kept = loser.plan().sinks().contains(sink);
        Comparison.Tally tally = new Comparison.Tally();
        Comparison comparison = new Comparison(
                reader,
                CompareRules.EXACT,
                false,
                tally,
                difference -> write(transaction, sink, kept ? own(sink, loser) : "", difference));
        views.of(winner, sink)
                .forEach((partition, wanted) ->
                        comparison.compare(partition, now.getOrDefault(partition, new ResultView(List.of())), wanted));
        return tally.different();
    }

    private boolean isUntouched(Hold hold) {
        Set<String> topics = new TreeSet<>();
        hold.marks().keySet().forEach(name -> topics.add(Vectors.partition(name).topic()));
        return cluster.writtenEnds(topics).equals(hold.marks());
    }

    /// Rows that this operation has corrected, also before a crash. Only told to users: what cannot be
    /// counted must not
    /// end an operation whose corrections are written.
    private long counted(String sink, Hold hold, Operation operation) {
        try {
            return corrected(sink, hold, operation);
        } catch (RuntimeException e) {
            LOG.warn("Corrections could not be counted sink={}", sink, e);
            return 0;
        }
    }

    private long corrected(String sink, Hold hold, Operation operation) {
        long[] count = new long[1];
        cluster.ends(Set.of(sink)).forEach((name, end) -> {
            int partition = Vectors.partition(name).partition();
            reader.read(sink, partition, hold.marks().getOrDefault(name, 0L), end, row -> {
                count[0] += operation.id().equals(row.headers().get(TopicCorrections.HEADER)) ? 1 : 0;
            });
        });
        return count[0];
    }

    private static void write(Corrections transaction, String sink, String own, Difference difference) {
        ResultRow left = difference.left();
        ResultRow right = difference.right();
        long time = right != null ? right.timestampMillis() : left == null ? 0 : left.timestampMillis();
        transaction.write(
                sink, difference.partition(), difference.key().get(), right == null ? null : right.bytes(), time);
        if (!own.isEmpty()) {
            transaction.write(
                    own, difference.partition(), difference.key().get(), left == null ? null : left.bytes(), time);
        }
    }

    private static String own(String sink, JobVersion version) {
        return Outputs.beside(List.of(sink), version.number()).topicOf(sink);
    }

    private ObjectNode result(CutOverRequest request, long corrected, Map<String, Long> barrier, Instant since) {
        ObjectNode result = JsonNodeFactory.instance
                .objectNode()
                .put("mode", request.mode().orElse(""))
                .put("corrections", corrected)
                .put("pauseMillis", Duration.between(since, clock.instant()).toMillis());
        ObjectNode at = result.putObject("barrier");
        List<String> names = new ArrayList<>(barrier.keySet());
        names.sort(null);
        names.forEach(name -> at.put(name, barrier.get(name)));
        return result;
    }

    private void finish(Job job, Operation operation, Outputs winner, Outputs loser, ObjectNode result) {
        Instant now = clock.instant();
        Duration warm = CutOverRequest.of(operation.request()).keepWarm();
        note(
                job,
                operation,
                new JobEvent.CutOver(now, operation.id(), operation.version(), winner, loser, now.plus(warm), result));
        JobFailpoint.CHANGED_PLACES.reach();
        LOG.info("Version is live job={} version={} warm={}", job.name(), operation.version(), job.live());
    }

    /// Only while the operation still runs: somebody may have cancelled it, or stopped the job.
    private void note(Job job, Operation operation, JobEvent event) {
        registry.note(
                job.name().value(),
                now -> now.operation(operation.id()).filter(Operation::running).isPresent()
                        ? Optional.of(event)
                        : Optional.empty());
    }
}

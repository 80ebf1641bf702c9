package io.weir.streams.job.life;

import io.weir.log.fault.NearestName;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.RunState;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.JobState;
import io.weir.streams.job.registry.JobVersion;
import io.weir.streams.job.registry.Transitions;
import io.weir.streams.job.state.Place;
import io.weir.streams.job.state.StateAnswer;
import io.weir.streams.job.state.StateQuestion;
import io.weir.streams.job.state.StateReads;
import io.weir.streams.job.state.StoreInfo;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// What versions that run on this node keep in their stores. Safe for use by any thread; methods block.
public final class States {
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);

    private final JobRegistry registry;
    private final Reconciler reconciler;
    private final JobCluster cluster;

    States(JobRegistry registry, Reconciler reconciler, JobCluster cluster) {
        this.cluster = cluster;
        this.registry = registry;
        this.reconciler = reconciler;
    }

    /// The state of one version on this node.
    ///
    /// @param version its number
    /// @param group its consumer group
    /// @param restoring whether it is not complete yet
    /// @param left records of changelogs that are still to be read
    public record Here(String job, int version, String group, StateReads reads, boolean restoring, long left) {
        private String name() {
            return "Job '" + job + "', version " + version;
        }

        /// The stores that readers may ask, and the others.
        public List<StoreInfo> stores() {
            return reads.stores();
        }

        /// @throws WeirException `store-unknown` (404)
        public StoreInfo store(String store) {
            List<StoreInfo> stores = reads.stores();
            List<String> names = stores.stream()
                    .filter(StoreInfo::readable)
                    .map(StoreInfo::name)
                    .toList();
            return stores.stream()
                    .filter(each -> each.name().equals(store))
                    .findFirst()
                    .orElseThrow(() -> WeirException.notFound(
                            "store-unknown",
                            name() + ": has no store '" + store + "', only " + names + "."
                                    + NearestName.hint(names, store)));
        }

        /// That the state is not complete, with how much is missing.
        public WeirException restoring(String store) {
            return new WeirException(
                    "state-restoring",
                    Whose.EXTERNAL,
                    name() + ": store '" + store + "' is being restored or moves between nodes, " + left
                            + " changelog records are left. Try again, or take what is there with stale=true.");
        }
    }

    /// @param version null takes the live one
    /// @throws WeirException `job-unknown`, `version-unknown` (404), `job-state` (409) when it does not run,
    ///     `state-elsewhere` (503) when it does not run on this node
    public Here here(String name, @Nullable Integer version) {
        Job job = JobRegistry.require(registry.newest(), name);
        JobVersion wanted = Transitions.require(job, version == null ? job.live() : version);
        int number = wanted.number();
        if (!wanted.state().shouldRun()) {
            throw WeirException.conflict(
                    "job-state",
                    "Job '" + name + "': version " + number + " is "
                            + wanted.state().label() + ", only a running one can be asked for its state. Start it.");
        }
        LocalRun run = reconciler.localRuns(name).get(number);
        StateReads reads = reconciler.reads(name, number).orElse(null);
        if (run == null || reads == null) {
            throw new WeirException(
                    "state-elsewhere",
                    Whose.EXTERNAL,
                    "Job '" + name + "': version " + number
                            + " does not run on this node just now: it starts, or replays on another one. Try again.");
        }
        boolean running = run.state() instanceof RunState.Running;
        long left = run.state() instanceof RunState.Restoring restoring ? restoring.remaining() : 0;
        return new Here(name, number, wanted.applicationId(), reads, !running, left);
    }

    /// The stores that a version keeps on this node; never blocks.
    public List<StoreInfo> sizes(String name, int version) {
        return reconciler.reads(name, version).map(StateReads::stores).orElse(List.of());
    }

    /// Who has a key, or each partition when there is none; empty while nobody can say.
    ///
    /// @throws WeirException `state-refused` (422) when the text is no key of the store
    public List<Place> places(Here here, StoreInfo store, @Nullable String key) {
        if (!store.readable()) {
            throw refused(here, store.name(), "holds times, timers or rows that wait for others: not for readers.");
        }
        try {
            return here.reads().places(store.name(), key);
        } catch (IllegalArgumentException e) {
            throw refused(here, store.name(), String.valueOf(e.getMessage()));
        }
    }

    private static WeirException refused(Here here, String store, String why) {
        return new WeirException(
                "state-refused", Whose.USER, 422, here.name() + ": store '" + store + "' " + why, null);
    }

    /// Asks the part of the state that is here, and waits for it to come as far as it is asked to be.
    ///
    /// @throws WeirException `state-restoring`, `state-behind` (503), `state-refused` (422)
    public StateAnswer.Rows read(Here here, StateQuestion question, Duration patience) {
        AtomicReference<StateAnswer> answer = new AtomicReference<>(here.reads().read(question));
        Duration left = patience;
        while (answer.get() instanceof StateAnswer.Behind) {
            if (hasCommitted(here, question)) {
                answer.set(here.reads().read(question.anywhere()));
            } else if (left.isPositive()) {
                Duration slice = left.compareTo(BETWEEN_LOOKS) < 0 ? left : BETWEEN_LOOKS;
                left = left.minus(slice);
                reconciler.await(
                        () -> {
                            answer.set(here.reads().read(question));
                            return !(answer.get() instanceof StateAnswer.Behind);
                        },
                        slice);
            } else {
                break;
            }
        }
        return switch (answer.get()) {
            case StateAnswer.Rows rows -> rows;
            case StateAnswer.Behind behind ->
                throw new WeirException(
                        "state-behind",
                        Whose.EXTERNAL,
                        here.name() + ": store '" + question.store() + "' has not reached " + question.atLeast()
                                + " in " + patience.toMillis() + " ms. Try again, or wait longer with timeout.");
            case StateAnswer.Refused refused -> throw refused(here, question.store(), refused.why());
            case StateAnswer.NotActive inactive -> throw here.restoring(question.store());
        };
    }

    /// A task that came here with its state restored knows no position before its next record; what its group
    /// has
    /// committed is in that state.
    private boolean hasCommitted(Here here, StateQuestion question) {
        Map<String, JobState.Position> committed = cluster.committed(here.group());
        return question.atLeast().entrySet().stream()
                .filter(wanted -> question.partition() < 0
                        || Vectors.partition(wanted.getKey()).partition() == question.partition())
                .allMatch(wanted -> {
                    JobState.Position at = committed.get(wanted.getKey());
                    return at != null && at.offset() >= wanted.getValue();
                });
    }
}

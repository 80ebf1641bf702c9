package io.weir.streams.job.registry;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.streams.job.registry.Operation.Kind;
import io.weir.streams.job.registry.Operation.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// The next value of a job while one event is applied to it. Used by one thread, once.
final class JobEdit {
    private static final int KEPT_OPERATIONS = 20;
    private static final int KEPT_EVENTS = 50;

    private final Job job;
    private final JobEvent event;
    private final List<JobVersion> versions;
    private final List<Operation> operations;
    private int live;
    private int warm;
    private @Nullable Instant warmUntil;
    private int nextVersion;
    private @Nullable Hold hold;
    private int nextOperation;
    private final List<Snapshot> snapshots;
    private int nextSnapshot;
    private final Map<String, Long> redriven;

    JobEdit(Job job, JobEvent event) {
        this.job = job;
        this.event = event;
        this.versions = new ArrayList<>(job.versions());
        this.operations = new ArrayList<>(job.operations());
        this.live = job.live();
        this.warm = job.warm();
        this.warmUntil = job.warmUntil();
        this.nextVersion = job.nextVersion();
        this.hold = job.hold();
        this.nextOperation = job.nextOperation();
        this.snapshots = new ArrayList<>(job.snapshots());
        this.nextSnapshot = job.nextSnapshot();
        this.redriven = new HashMap<>(job.redriven());
    }

    List<JobVersion> versions() {
        return versions;
    }

    JobEdit add(JobVersion version) {
        versions.add(version);
        nextVersion = version.number() + 1;
        return this;
    }

    /// Adds one, or lets one that has failed go on.
    JobEdit put(Snapshot snapshot) {
        snapshots.removeIf(present -> present.number() == snapshot.number());
        snapshots.add(snapshot);
        nextSnapshot = Math.max(nextSnapshot, snapshot.number() + 1);
        return this;
    }

    /// Dead letters count as fed up to there.
    JobEdit fed(int number) {
        snapshots.stream()
                .filter(snapshot -> snapshot.number() == number && snapshot.letters() != null)
                .forEach(snapshot -> redriven.putAll(snapshot.letters().to()));
        return this;
    }

    JobEdit changeSnapshot(int number, UnaryOperator<Snapshot> how) {
        snapshots.replaceAll(snapshot -> snapshot.number() == number ? how.apply(snapshot) : snapshot);
        return this;
    }

    JobEdit removeSnapshot(int number) {
        snapshots.removeIf(snapshot -> snapshot.number() == number);
        return this;
    }

    JobEdit remove(int number) {
        versions.removeIf(version -> version.number() == number);
        return this;
    }

    JobEdit change(int number, UnaryOperator<JobVersion> how) {
        versions.replaceAll(version -> version.number() == number ? how.apply(version) : version);
        return this;
    }

    JobEdit changeAll(UnaryOperator<JobVersion> how) {
        versions.replaceAll(how);
        return this;
    }

    JobEdit live(int nowLive, int nowWarm, @Nullable Instant until) {
        live = nowLive;
        warm = nowWarm;
        warmUntil = until;
        return this;
    }

    /// A warm version that goes is no longer there to be rolled back to.
    JobEdit cool(int number) {
        return warm == number ? live(live, 0, null) : this;
    }

    JobEdit hold(@Nullable Hold next) {
        hold = next;
        return this;
    }

    /// A new operation takes the place of one that still runs.
    JobEdit begin(Kind kind, int version, Map<String, String> request) {
        String id = "op-" + nextOperation++;
        endAll(Outcome.CANCELLED, "replaced by " + id);
        operations.add(Operation.begun(id, kind, version, event.at(), request));
        return this;
    }

    JobEdit endAll(Outcome outcome, String why) {
        return end(operation -> true, outcome, why, null);
    }

    JobEdit endThoseAbout(int version, Outcome outcome, String why) {
        return end(operation -> operation.version() == version, outcome, why, null);
    }

    JobEdit endRunning(Kind kind, Outcome outcome, String why) {
        return end(operation -> operation.kind() == kind, outcome, why, null);
    }

    JobEdit endRunning(Kind kind, Outcome outcome, String why, JsonNode result) {
        return end(operation -> operation.kind() == kind, outcome, why, result);
    }

    JobEdit endReruns(Outcome outcome, String why) {
        return end(operation -> operation.kind().reruns(), outcome, why, null);
    }

    /// What has come of the run so far.
    JobEdit rerunGave(JsonNode result) {
        operations.replaceAll(
                operation -> operation.running() && operation.kind().reruns() ? operation.with(result) : operation);
        return this;
    }

    JobEdit end(String id, Outcome outcome, String why, JsonNode result) {
        return end(operation -> operation.id().equals(id), outcome, why, result);
    }

    private JobEdit end(Predicate<Operation> which, Outcome outcome, String why, @Nullable JsonNode result) {
        operations.replaceAll(operation -> operation.running() && which.test(operation)
                ? operation.ended(outcome, event.at(), why, result == null ? operation.result() : result)
                : operation);
        return this;
    }

    private List<Job.Happened> events() {
        List<Job.Happened> events = new ArrayList<>(job.events());
        events.add(new Job.Happened(job.rev() + 1, event.at(), event.sentence()));
        return events.subList(Math.max(0, events.size() - KEPT_EVENTS), events.size());
    }

    /// Nothing stands still longer than the operation that wanted it, and no snapshot goes on without its
    /// own.
    Job done() {
        boolean snapshotting = operations.stream()
                .anyMatch(operation -> operation.running() && operation.kind().reruns());
        if (!snapshotting) {
            snapshots.replaceAll(snapshot -> snapshot.running()
                    ? snapshot.in(Snapshot.Phase.FAILED, event.at(), "its operation was cancelled")
                    : snapshot);
        }
        boolean anyRunning = operations.stream().anyMatch(Operation::running);
        return new Job(
                job.name(),
                job.rev() + 1,
                live,
                warm,
                warmUntil,
                versions,
                nextVersion,
                anyRunning ? hold : null,
                operations.subList(Math.max(0, operations.size() - KEPT_OPERATIONS), operations.size()),
                nextOperation,
                snapshots,
                nextSnapshot,
                redriven,
                events(),
                new Job.Last(event.at(), event.sentence()));
    }
}

package io.weir.streams.job.registry;

import io.weir.streams.job.registry.JobState.Failed;
import io.weir.streams.job.registry.JobState.Live;
import io.weir.streams.job.registry.JobState.Retired;
import io.weir.streams.job.registry.JobState.Starting;
import io.weir.streams.job.registry.JobState.Stopped;
import io.weir.streams.job.registry.Operation.Kind;
import io.weir.streams.job.registry.Operation.Outcome;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Everything that is remembered about one job. Immutable; stored as one value under the job's name.
///
/// @param rev grows by one with each event; the entity tag of the job over HTTP
/// @param live number of the version that writes the job's real outputs
/// @param versions in order of their numbers, at least one
/// @param operations the newest 20, oldest first
/// @param nextOperation number of the next operation
/// @param last the event that led to this value
public record Job(
        JobName name,
        long rev,
        int live,
        List<JobVersion> versions,
        List<Operation> operations,
        int nextOperation,
        Last last) {
    private static final int KEPT_OPERATIONS = 20;

    /// @param event a sentence
    public record Last(Instant at, String event) {}

    public Job {
        versions = List.copyOf(versions);
        operations = List.copyOf(operations);
    }

    /// A new job that is to run its first version.
    public static Job deployed(JobName name, JobEvent.Deployed event) {
        int number = event.version().number();
        return new Job(
                name,
                1,
                number,
                List.of(event.version().in(new Starting(event.at()))),
                List.of(Operation.begun("op-1", Kind.DEPLOY, number, event.at())),
                2,
                new Last(event.at(), event.sentence()));
    }

    public JobVersion liveVersion() {
        return versions.stream()
                .filter(version -> version.number() == live)
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("Job '" + name + "': has no version " + live + "."));
    }

    public JobState state() {
        return liveVersion().state();
    }

    public Optional<Operation> operation(String id) {
        return operations.stream()
                .filter(operation -> operation.id().equals(id))
                .findFirst();
    }

    /// The newest operation; there is always the one that deployed the job.
    public Operation lastOperation() {
        return operations.getLast();
    }

    /// The job after one event. Pure; whether the event is allowed was decided before, by [Transitions].
    public Job apply(JobEvent event) {
        Instant at = event.at();
        JobVersion version = liveVersion();
        return switch (event) {
            case JobEvent.Deployed deployed ->
                throw new IllegalStateException("Job '" + name + "': is deployed already.");
            case JobEvent.StartAsked start ->
                next(event, version.in(new Starting(at)).withRestarts(0), begin(Kind.START, at));
            case JobEvent.Restarted restarted ->
                next(event, version.in(new Starting(at)).withRestarts(restarted.attempt()), operations);
            case JobEvent.WentLive wentLive -> next(event, version.in(new Live(at)), end(Outcome.DONE, at, ""));
            case JobEvent.StopAsked stop -> next(event, version.in(new Stopped(at, Map.of())), begin(Kind.STOP, at));
            case JobEvent.CameToRest rest ->
                next(event, version.in(new Stopped(at, rest.positions())), end(Outcome.DONE, at, ""));
            case JobEvent.Broke broke ->
                next(
                        event,
                        version.in(new Failed(at, broke.failure()))
                                .withRestarts(broke.steady() ? 0 : version.restarts()),
                        end(Outcome.FAILED, at, broke.failure().cause()));
            case JobEvent.DeleteAsked delete -> next(event, version.in(new Retired(at)), begin(Kind.DELETE, at));
            case JobEvent.RemovalFailed failed -> next(event, version, end(Outcome.FAILED, at, failed.cause()));
        };
    }

    private Job next(JobEvent event, JobVersion changed, List<Operation> nextOperations) {
        List<JobVersion> nextVersions = versions.stream()
                .map(version -> version.number() == changed.number() ? changed : version)
                .toList();
        boolean begun = nextOperations.getLast().id().equals("op-" + nextOperation);
        return new Job(
                name,
                rev + 1,
                live,
                nextVersions,
                nextOperations,
                begun ? nextOperation + 1 : nextOperation,
                new Last(event.at(), event.sentence()));
    }

    /// A new operation takes the place of one that still runs.
    private List<Operation> begin(Kind kind, Instant at) {
        String id = "op-" + nextOperation;
        List<Operation> next = new ArrayList<>(end(Outcome.CANCELLED, at, "replaced by " + id));
        next.add(Operation.begun(id, kind, live, at));
        return next.subList(Math.max(0, next.size() - KEPT_OPERATIONS), next.size());
    }

    private List<Operation> end(Outcome outcome, Instant at, String why) {
        return operations.stream()
                .map(operation -> operation.running() ? operation.ended(outcome, at, why) : operation)
                .toList();
    }
}

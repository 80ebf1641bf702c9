package io.weir.streams.job.registry;

import io.weir.streams.job.registry.JobState.Aim;
import io.weir.streams.job.registry.JobState.Failed;
import io.weir.streams.job.registry.JobState.Live;
import io.weir.streams.job.registry.JobState.Planned;
import io.weir.streams.job.registry.JobState.Retired;
import io.weir.streams.job.registry.JobState.Starting;
import io.weir.streams.job.registry.JobState.Stopped;
import io.weir.streams.job.registry.JobState.Warm;
import io.weir.streams.job.registry.Operation.Kind;
import io.weir.streams.job.registry.Operation.Outcome;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Everything that is remembered about one job. Immutable; stored as one value under the job's name.
///
/// @param rev grows by one with each event; the entity tag of the job over HTTP
/// @param live number of the version that writes the job's real outputs, or did before it was stopped
/// @param warm number of the version that can become live again, 0 = none
/// @param warmUntil when the warm version may go; null without one
/// @param versions in order of their numbers, at least one
/// @param nextVersion number of the next version
/// @param hold where two versions stand still; null while none does
/// @param operations the newest 20, oldest first
/// @param nextOperation number of the next operation
/// @param snapshots in order of their numbers
/// @param nextSnapshot number of the next snapshot
/// @param redriven up to where dead letters were fed again, by `topic-partition` of the dead letter topic
/// @param events the newest 50, oldest first, `last` included
/// @param last the event that led to this value
public record Job(
        JobName name,
        long rev,
        int live,
        int warm,
        @Nullable Instant warmUntil,
        List<JobVersion> versions,
        int nextVersion,
        @Nullable Hold hold,
        List<Operation> operations,
        int nextOperation,
        List<Snapshot> snapshots,
        int nextSnapshot,
        Map<String, Long> redriven,
        List<Happened> events,
        Last last) {

    /// @param event a sentence
    public record Last(Instant at, String event) {}

    /// An event, and the revision it led to.
    ///
    /// @param event a sentence
    public record Happened(long rev, Instant at, String event) {}

    public Job {
        versions = List.copyOf(versions);
        operations = List.copyOf(operations);
        snapshots = List.copyOf(snapshots);
        redriven = Map.copyOf(redriven);
        events = List.copyOf(events);
    }

    /// A new job that is to run its first version.
    public static Job deployed(JobName name, JobEvent.Deployed event) {
        int number = event.version().number();
        Instant at = event.at();
        return new Job(
                name,
                1,
                number,
                0,
                null,
                List.of(event.version().in(new Starting(at, Aim.LIVE))),
                number + 1,
                null,
                List.of(Operation.begun("op-1", Kind.DEPLOY, number, at, event.request())),
                2,
                List.of(),
                1,
                Map.of(),
                List.of(new Happened(1, at, event.sentence())),
                new Last(at, event.sentence()));
    }

    public JobVersion liveVersion() {
        return version(live)
                .orElseThrow(() -> new IllegalStateException("Job '" + name + "': has no version " + live + "."));
    }

    public Optional<JobVersion> version(int number) {
        return versions.stream().filter(version -> version.number() == number).findFirst();
    }

    public Optional<Snapshot> snapshot(int number) {
        return snapshots.stream()
                .filter(snapshot -> snapshot.number() == number)
                .findFirst();
    }

    /// The state of the live version.
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

    /// The operation that runs; at most one does.
    public Optional<Operation> runningOperation() {
        return operations.stream().filter(Operation::running).findFirst();
    }

    /// The job after one event. Pure; whether the event is allowed was decided before, by [Transitions].
    public Job apply(JobEvent event) {
        Instant at = event.at();
        JobEdit edit = new JobEdit(this, event);
        switch (event) {
            case JobEvent.Deployed deployed ->
                throw new IllegalStateException("Job '" + name + "': is deployed already.");
            case JobEvent.Added added -> edit.add(added.version().in(new Planned(at)));
            case JobEvent.TookOver took -> takeOver(edit, took, at);
            case JobEvent.ReplayAsked asked ->
                edit.begin(Kind.REPLAY, asked.version(), asked.request())
                        .change(
                                asked.version(),
                                version -> version.in(new Starting(at, Aim.REPLAYING))
                                        .withReplay(asked.replay())
                                        .withOutputs(
                                                Outputs.beside(version.plan().sinks(), version.number()))
                                        .withRestarts(0));
            case JobEvent.ReplayTuned tuned ->
                edit.change(
                        tuned.version(),
                        version -> version.withReplay(
                                Objects.requireNonNull(version.replay()).tuned(tuned.rate(), tuned.paused())));
            case JobEvent.StartAsked start ->
                edit.begin(Kind.START, live, start.request())
                        .changeAll(version -> version.state() instanceof Stopped
                                        || (version.number() == live
                                                && !version.state().shouldRun())
                                ? resumed(version, at).withRestarts(0)
                                : version);
            case JobEvent.RestartAsked restart ->
                edit.change(restart.version(), version -> resumed(version, at).withRestarts(0));
            case JobEvent.Restarted restarted ->
                edit.change(restarted.version(), version -> resumed(version, at).withRestarts(restarted.attempt()));
            case JobEvent.Moved moved -> moved(edit, moved);
            case JobEvent.StopAsked stop ->
                edit.begin(Kind.STOP, live, stop.request())
                        .changeAll(version -> version.state()
                                .comesBackAs()
                                .filter(aim -> !(version.state() instanceof Stopped))
                                .map(aim -> version.in(new Stopped(at, Map.of(), aim, false)))
                                .orElse(version));
            case JobEvent.CameToRest rest -> cameToRest(edit, rest);
            case JobEvent.Broke broke -> broke(edit, broke);
            case JobEvent.CompareAsked compare -> edit.begin(Kind.COMPARE, compare.version(), compare.request());
            case JobEvent.CutOverAsked cutOver ->
                edit.begin(cutOver.kind(), cutOver.version(), cutOver.request())
                        .hold(cutOver.hold() ? Hold.begun(at) : null);
            case JobEvent.Stood stood -> edit.hold(hold == null ? null : hold.with(stood.version(), stood.positions()));
            case JobEvent.BarrierSet barrier -> edit.hold(hold == null ? null : hold.at(barrier.barrier()));
            case JobEvent.OutputsMarked marked -> edit.hold(hold == null ? null : hold.marked(marked.ends()));
            case JobEvent.CutOver cutOver ->
                edit.change(
                                cutOver.version(),
                                version -> version.in(new Live(at)).withOutputs(cutOver.winner()))
                        .change(live, version -> version.in(new Warm(at)).withOutputs(cutOver.loser()))
                        .live(cutOver.version(), live, cutOver.until())
                        .end(cutOver.id(), Outcome.DONE, "", cutOver.result());
            case JobEvent.RetireAsked retire ->
                edit.begin(Kind.RETIRE, retire.version(), retire.request())
                        .change(retire.version(), version -> version.in(new Retired(at)))
                        .cool(retire.version());
            case JobEvent.VersionGone gone ->
                edit.remove(gone.version()).endRunning(Kind.RETIRE, Outcome.DONE, "", gone.result());
            case JobEvent.DeleteAsked delete ->
                edit.begin(Kind.DELETE, live, Map.of()).changeAll(version -> version.in(new Retired(at)));
            case JobEvent.SnapshotAsked asked ->
                edit.begin(asked.snapshot().kind(), asked.snapshot().version(), asked.request())
                        .put(asked.snapshot());
            case JobEvent.SnapshotCut cut ->
                edit.changeSnapshot(cut.number(), snapshot -> snapshot.cut(cut.replay(), cut.slice()));
            case JobEvent.SnapshotWritten written ->
                edit.changeSnapshot(written.number(), snapshot -> snapshot.in(Snapshot.Phase.WRITTEN, null, ""));
            case JobEvent.SnapshotPublished published ->
                edit.changeSnapshot(published.number(), snapshot -> snapshot.in(Snapshot.Phase.PUBLISHED, null, ""))
                        .rerunGave(published.result());
            case JobEvent.SnapshotDone done ->
                edit.changeSnapshot(done.number(), snapshot -> snapshot.in(Snapshot.Phase.DONE, at, ""))
                        .fed(done.number())
                        .rerunGave(done.result())
                        .endReruns(Outcome.DONE, "");
            case JobEvent.SnapshotBroke broke ->
                edit.changeSnapshot(broke.number(), snapshot -> snapshot.in(Snapshot.Phase.FAILED, at, broke.why()))
                        .endReruns(broke.outcome(), broke.why());
            case JobEvent.SnapshotGone gone -> edit.fed(gone.number()).removeSnapshot(gone.number());
            case JobEvent.RemovalFailed failed -> edit.endAll(Outcome.FAILED, failed.cause());
            case JobEvent.OperationEnded ended -> edit.end(ended.id(), ended.outcome(), ended.why(), ended.result());
        }
        return edit.done();
    }

    /// Ends what was asked for the version, but not a take-over whose corrections may have been written.
    private void broke(JobEdit edit, JobEvent.Broke broke) {
        edit.change(
                broke.version(),
                version -> version.in(new Failed(
                                broke.at(),
                                broke.failure(),
                                version.state().comesBackAs().orElse(Aim.LIVE)))
                        .withRestarts(broke.steady() ? 0 : version.restarts()));
        if (hold == null || hold.marks().isEmpty()) {
            edit.endThoseAbout(broke.version(), Outcome.FAILED, broke.failure().cause());
        }
    }

    private void takeOver(JobEdit edit, JobEvent.TookOver took, Instant at) {
        int number = took.version();
        JobVersion old = liveVersion();
        edit.begin(Kind.DEPLOY, number, took.request())
                .change(
                        number,
                        version -> version.in(new Starting(at, Aim.LIVE))
                                .withOutputs(old.outputs())
                                .withApplicationId(old.applicationId()))
                .remove(old.number())
                .live(number, warm, warmUntil);
    }

    private static JobVersion resumed(JobVersion version, Instant at) {
        return version.in(new Starting(at, version.state().comesBackAs().orElse(Aim.LIVE)));
    }

    /// A live version ends the operation that started it, one that has caught up the replay.
    private static void moved(JobEdit edit, JobEvent.Moved moved) {
        edit.change(moved.version(), version -> version.in(moved.state()));
        if (moved.state() instanceof Live) {
            edit.endThoseAbout(moved.version(), Outcome.DONE, "");
        } else if (moved.state() instanceof JobState.Shadow) {
            edit.endRunning(Kind.REPLAY, Outcome.DONE, "");
        }
    }

    private void cameToRest(JobEdit edit, JobEvent.CameToRest rest) {
        edit.change(
                rest.version(),
                version -> version.in(new Stopped(
                        rest.at(),
                        rest.positions(),
                        version.state().comesBackAs().orElse(Aim.LIVE),
                        true)));
        if (edit.versions().stream()
                .allMatch(version -> !(version.state() instanceof Stopped stopped) || stopped.resting())) {
            edit.endRunning(Kind.STOP, Outcome.DONE, "");
        }
    }
}

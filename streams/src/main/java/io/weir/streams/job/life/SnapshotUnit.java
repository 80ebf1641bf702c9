package io.weir.streams.job.life;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.RunEnding;
import io.weir.streams.job.RunState;
import io.weir.streams.job.RunningVersion;
import io.weir.streams.job.compare.ResultReader;
import io.weir.streams.job.failpoint.JobFailpoint;
import io.weir.streams.job.life.VersionUnit.StartedVersion;
import io.weir.streams.job.registry.Job;
import io.weir.streams.job.registry.JobEvent;
import io.weir.streams.job.registry.JobRegistry;
import io.weir.streams.job.registry.Letters;
import io.weir.streams.job.registry.Operation;
import io.weir.streams.job.registry.Operation.Outcome;
import io.weir.streams.job.registry.Replay;
import io.weir.streams.job.registry.Slice;
import io.weir.streams.job.registry.Snapshot;
import io.weir.streams.job.registry.Transitions;
import io.weir.streams.replay.RecordTime;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One snapshot of a job on this node: reads up to its end, closes what is still open, and removes what the
/// run leaves
/// behind. One node does it, as with a replay. After a crash it goes on from what its group has committed; a
/// window
/// that has been closed is not open any more.
///
/// Guarded by the step of its [JobUnit]; only the local run is read by others.
final class SnapshotUnit {
    private static final Logger LOG = LoggerFactory.getLogger(SnapshotUnit.class);

    private final String name;
    private final int number;
    private final JobRegistry registry;
    private final VersionStarter starter;
    private final JobCluster cluster;
    private final Drain drain;
    private final ResultReader reader;
    private final Publishing publishing;
    private final StateFolders folders;
    private final MyTurn turn;
    private final Clock clock;
    private final Duration stopTimeout;
    private final RunSampler sampler;

    private @Nullable StartedVersion started;
    private int closedSteps;
    private boolean closing;
    private volatile @Nullable LocalRun localRun;

    SnapshotUnit(String name, int number, NodeParts parts) {
        this.name = name;
        this.number = number;
        this.registry = parts.registry();
        this.starter = parts.starter();
        this.cluster = parts.cluster();
        this.drain = new Drain(parts.cluster(), parts.reader());
        this.reader = parts.reader();
        this.publishing = new Publishing(parts);
        this.folders = parts.folders();
        this.turn = new MyTurn(parts.turns());
        this.clock = parts.clock();
        this.stopTimeout = parts.stopTimeout();
        this.sampler = new RunSampler(clock);
    }

    /// Never blocks; empty while it does not run here.
    Optional<LocalRun> localRun() {
        return Optional.ofNullable(localRun);
    }

    void follow(Job job, Snapshot snapshot) {
        switch (snapshot.phase()) {
            case RESOLVING -> {}
            case READING -> {
                if (turn.isMine(snapshot.applicationId())) {
                    read(job, snapshot);
                } else {
                    stop();
                }
            }
            case WRITTEN -> {
                stop();
                if (turn.isMine(snapshot.applicationId()) && isSettled(snapshot)) {
                    publishOrClean(job, snapshot);
                }
            }
            case PUBLISHED -> {
                stop();
                if (turn.isMine(snapshot.applicationId()) && isSettled(snapshot)) {
                    clean(job, snapshot);
                }
            }
            case DONE, FAILED -> leave();
        }
    }

    private void read(Job job, Snapshot snapshot) {
        Replay replay = snapshot.replay();
        if (replay == null) {
            return;
        }
        try {
            StartedVersion present = started;
            if (present == null) {
                start(job, snapshot, replay);
            } else {
                watch(snapshot, present.running());
            }
        } catch (WeirException e) {
            if (e.whose() == Whose.EXTERNAL) {
                throw e;
            }
            end(e.getMessage());
        }
    }

    private void start(Job job, Snapshot snapshot, Replay replay) {
        String group = snapshot.applicationId();
        if (cluster.committed(group).isEmpty() && cluster.isIdle(group)) {
            cluster.commit(group, Vectors.positions(replay.start()));
        }
        LOG.info("Snapshot starts job={} snapshot={}", name, number);
        started = starter.start(job, Transitions.require(job, snapshot.version()), snapshot, replay, reader);
    }

    private void watch(Snapshot snapshot, RunningVersion running) {
        RunState state = running.state();
        localRun = sampler.sample(snapshot.version(), state, running);
        switch (state) {
            case RunState.Starting starting -> {}
            case RunState.Restoring restoring -> {}
            case RunState.Running runs -> goOn(snapshot, running);
            case RunState.Failed failed -> end(failed.cause());
            case RunState.Stopped stopped -> end("stopped without being asked");
        }
    }

    /// Reads to the end, then closes step by step; a clean stop commits what closing has given.
    private void goOn(Snapshot snapshot, RunningVersion running) {
        RunEnding ending = running.ending().orElseThrow();
        if (closing) {
            if (ending.closed()) {
                stop();
                closedSteps += running.stoppedCleanly() ? 1 : 0;
                writtenAfter(ending);
            }
        } else if (running.control().historyRead() && isDrained(snapshot, running)) {
            if (closedSteps == ending.steps()) {
                stop();
                writtenAfter(ending);
            } else {
                ending.close(closedSteps + 1);
                closing = true;
            }
        }
    }

    private void writtenAfter(RunEnding ending) {
        if (closedSteps == ending.steps()) {
            note(Snapshot::running, new JobEvent.SnapshotWritten(clock.instant(), number));
        }
    }

    /// Everything that was delivered here is committed; what came before this run is so already.
    private boolean isDrained(Snapshot snapshot, RunningVersion running) {
        Map<String, Long> delivered = Vectors.names(running.control().delivered());
        List<String> topics = delivered.keySet().stream()
                .map(partition -> Vectors.partition(partition).topic())
                .distinct()
                .toList();
        return drain.isAt(snapshot.applicationId(), topics, delivered);
    }

    /// Whether the group has no member and no transaction is open on what only this run has written.
    private boolean isSettled(Snapshot snapshot) {
        List<String> outputs = List.copyOf(snapshot.outputs().values());
        return cluster.isIdle(snapshot.applicationId()) && cluster.ends(outputs).equals(cluster.writtenEnds(outputs));
    }

    /// What is published is published once: behind it the rows to publish are gone.
    private void publishOrClean(Job job, Snapshot snapshot) {
        Slice slice = snapshot.slice();
        if (slice == null) {
            clean(job, snapshot);
            return;
        }
        String operation = job.runningOperation().map(Operation::id).orElse("");
        try {
            ArrayNode outputs = publishing.publish(job, snapshot, slice, operation);
            JobFailpoint.BACKFILL_PUBLISHED.reach();
            ObjectNode result = Publishing.range(slice).put("number", number);
            result.set("outputs", outputs);
            note(Snapshot::running, new JobEvent.SnapshotPublished(clock.instant(), number, result));
            JobFailpoint.BACKFILL_NOTED.reach();
        } catch (WeirException e) {
            if (e.whose() == Whose.EXTERNAL) {
                throw e;
            }
            end(e.getMessage());
        }
    }

    /// Removes everything but the results.
    private void clean(Job job, Snapshot snapshot) {
        String group = snapshot.applicationId();
        cluster.deleteGroup(group);
        cluster.deleteTopics(cluster.topics().stream()
                .filter(topic -> Removal.isInternal(group, topic)
                        || isEmptyDeadLetters(snapshot, topic)
                        || (snapshot.slice() != null && snapshot.outputs().containsValue(topic)))
                .toList());
        folders.delete(group);
        LOG.info("Snapshot is done job={} snapshot={}", name, number);
        note(Snapshot::running, new JobEvent.SnapshotDone(clock.instant(), number, result(job, snapshot)));
    }

    private boolean isEmptyDeadLetters(Snapshot snapshot, String topic) {
        return topic.equals(snapshot.ownDeadLetterTopic()) && cluster.records(topic) == 0;
    }

    private ObjectNode result(Job job, Snapshot snapshot) {
        ObjectNode result = JsonNodeFactory.instance.objectNode();
        job.runningOperation()
                .filter(operation -> operation.result() instanceof ObjectNode)
                .ifPresent(operation ->
                        result.setAll((ObjectNode) operation.result().deepCopy()));
        if (snapshot.slice() == null && snapshot.letters() == null) {
            result.put("snapshot", snapshot.number());
            ObjectNode asOf = result.putObject("asOf");
            Replay replay = snapshot.replay();
            if (replay != null) {
                ObjectNode offsets = asOf.putObject("offsets");
                new TreeMap<>(replay.stop()).forEach(offsets::put);
            }
            SnapshotCuts.before(snapshot).ifPresent(before -> asOf.put("before", before.toString()));
            ObjectNode outputs = result.putObject("outputs");
            snapshot.outputs().forEach(outputs::put);
        }
        Letters letters = snapshot.letters();
        if (letters != null) {
            Map<String, Long> ends = cluster.ends(List.of(snapshot.deadLetterTopic()));
            result.put(
                            "letters",
                            FailedRecords.read(reader, letters, topic -> RecordTime.TIMESTAMP)
                                    .letters())
                    .put("failedAgain", FailedRecords.again(reader, letters.to(), ends));
        }
        return result;
    }

    private void end(@Nullable String why) {
        leave();
        LOG.warn("Snapshot failed job={} snapshot={} cause={}", name, number, why);
        note(Snapshot::running, broke(number, String.valueOf(why), clock.instant()));
    }

    static JobEvent broke(int number, String why, Instant at) {
        return new JobEvent.SnapshotBroke(at, number, Outcome.FAILED, why);
    }

    private void note(Predicate<Snapshot> still, JobEvent event) {
        registry.note(name, now -> now.snapshot(number).filter(still).map(snapshot -> event));
    }

    /// Stops for good: somebody else may go on.
    void leave() {
        stop();
        turn.leave();
    }

    private void stop() {
        StartedVersion present = started;
        if (present != null) {
            started = null;
            closing = false;
            localRun = null;
            sampler.reset();
            present.stop(stopTimeout);
        }
    }
}

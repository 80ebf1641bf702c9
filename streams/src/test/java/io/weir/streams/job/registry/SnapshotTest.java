package io.weir.streams.job.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.weir.log.fault.WeirException;
import io.weir.streams.job.registry.Operation.Kind;
import io.weir.streams.job.registry.Operation.Outcome;
import io.weir.streams.job.registry.Snapshot.Phase;
import io.weir.streams.replay.ReplayTier;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Snapshots in a job's value.
class SnapshotTest {
    private static final Instant T1 = JobTest.T0.plusSeconds(5);
    private static final Replay REPLAY = new Replay(
            Map.of("orders-0", 0L),
            Map.of("orders-0", 9L),
            Map.of("orders-0", 7L),
            -1,
            0,
            10_000,
            false,
            ReplayTier.T1);

    @Test
    void aSnapshotFindsItsEndIsWrittenAndDoneAndReadsBackEqual() throws IOException {
        Job live = JobTest.in("live");
        Job asked = live.apply(Transitions.snapshot(live, 1, 500, 700, null, Map.of("asOf", "x"), T1));
        Snapshot snapshot = asked.snapshot(1).orElseThrow();
        assertThat(snapshot.phase()).isEqualTo(Phase.RESOLVING);
        assertThat(snapshot.applicationId()).isEqualTo("orders.s1");
        assertThat(snapshot.outputs()).containsExactly(Map.entry("copies", "copies.s1"));
        assertThat(asked.runningOperation().orElseThrow().kind()).isEqualTo(Kind.SNAPSHOT);

        Job reading = asked.apply(new JobEvent.SnapshotCut(T1, 1, REPLAY, null));
        assertThat(reading.snapshot(1).orElseThrow().phase()).isEqualTo(Phase.READING);
        Job written = reading.apply(new JobEvent.SnapshotWritten(T1, 1));
        assertThat(written.runningOperation()).isPresent();
        Job done = written.apply(new JobEvent.SnapshotDone(
                T1, 1, JsonNodeFactory.instance.objectNode().put("snapshot", 1)));
        assertThat(done.snapshot(1).orElseThrow().phase()).isEqualTo(Phase.DONE);
        assertThat(done.lastOperation().state()).isEqualTo(Outcome.DONE);
        assertThat(done.lastOperation().result().path("snapshot").asInt()).isEqualTo(1);

        for (Job job : new Job[] {asked, reading, written, done}) {
            JobJson json = new JobJson();
            assertThat(json.read(json.write(job)).job()).isEqualTo(job);
        }
        Job next = done.apply(Transitions.removeSnapshot(done, 1, T1));
        assertThat(next.snapshots()).isEmpty();
        assertThat(next.nextSnapshot()).as("numbers are not used again").isEqualTo(2);
        assertThatThrownBy(() -> Transitions.removeSnapshot(next, 1, T1))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("snapshot-unknown"));
    }

    @Test
    void aSnapshotDoesNotOutliveItsOperation() {
        Job live = JobTest.in("live");
        Job asked = live.apply(Transitions.snapshot(live, 1, -1, -1, REPLAY, Map.of(), T1));
        assertThat(asked.snapshot(1).orElseThrow().phase()).isEqualTo(Phase.READING);
        assertThatThrownBy(() -> Transitions.snapshot(asked, 1, -1, -1, REPLAY, Map.of(), T1))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("operation-running"));
        assertThatThrownBy(() -> Transitions.removeSnapshot(asked, 1, T1)).isInstanceOf(WeirException.class);

        Job cancelled =
                asked.apply(Transitions.cancel(asked, asked.lastOperation().id(), T1));
        assertThat(cancelled.snapshot(1).orElseThrow().phase()).isEqualTo(Phase.FAILED);
        assertThat(cancelled.lastOperation().state()).isEqualTo(Outcome.CANCELLED);

        Job stopping = asked.apply(Transitions.stop(asked, T1));
        assertThat(stopping.snapshot(1).orElseThrow().phase()).isEqualTo(Phase.FAILED);
        assertThat(stopping.snapshot(1).orElseThrow().problem()).contains("cancelled");
        assertThat(stopping.events().getLast().event()).isEqualTo("stop requested");
        assertThat(stopping.events().getLast().rev()).isEqualTo(stopping.rev());
    }

    @Test
    void aBackfillThatIsPublishedOnlyHasToBeTidiedUpAndCannotBeCancelled() throws IOException {
        Job live = JobTest.in("live");
        Slice slice = new Slice(10, 20, List.of("ATL"), false);
        Job asked = live.apply(Transitions.backfill(live, 1, 30, slice, Map.of("from", "x"), T1));
        assertThat(asked.lastOperation().kind()).isEqualTo(Kind.BACKFILL);
        Job written =
                asked.apply(new JobEvent.SnapshotCut(T1, 1, REPLAY, null)).apply(new JobEvent.SnapshotWritten(T1, 1));
        assertThat(written.snapshot(1).orElseThrow().slice()).isEqualTo(slice);
        assertThatThrownBy(() ->
                        Transitions.cancel(written, written.lastOperation().id(), T1))
                .hasMessageContaining("being corrected");
        JobJson json = new JobJson();
        assertThat(json.read(json.write(written)).job()).isEqualTo(written);

        Job published = written.apply(new JobEvent.SnapshotPublished(
                T1, 1, JsonNodeFactory.instance.objectNode().put("rows", 3)));

        assertThat(published.snapshot(1).orElseThrow().phase()).isEqualTo(Phase.PUBLISHED);
        assertThat(published.lastOperation().running()).isTrue();
        assertThat(published.lastOperation().result().path("rows").asInt()).isEqualTo(3);
        assertThat(published.snapshot(1).orElseThrow().running()).isTrue();
    }

    @Test
    void deadLettersCountAsFedOnceTheirRunIsDoneAndOneThatHasFailedGoesOn() {
        Job live = JobTest.in("live");
        Letters letters = new Letters(Map.of("orders.dlq-0", 3L), Map.of("orders.dlq-0", 9L));
        Job asked = live.apply(Transitions.redrive(live, letters, false, Map.of(), T1));
        Snapshot fed = asked.snapshot(1).orElseThrow();
        assertThat(fed.intoLiveOutputs()).isTrue();
        assertThat(fed.outputs()).isEqualTo(Map.of());
        assertThat(fed.deadLetterTopic()).isEqualTo("orders.dlq");
        Job failed = asked.apply(new JobEvent.SnapshotCut(T1, 1, REPLAY, null))
                .apply(new JobEvent.SnapshotBroke(T1, 1, Outcome.FAILED, "it"));
        assertThat(failed.redriven()).isEqualTo(Map.of());

        Letters more = new Letters(Map.of("orders.dlq-0", 3L), Map.of("orders.dlq-0", 50L));
        Job again = failed.apply(Transitions.redrive(failed, more, false, Map.of(), T1));

        assertThat(again.snapshots()).hasSize(1);
        assertThat(again.snapshot(1).orElseThrow().phase()).isEqualTo(Phase.READING);
        assertThat(again.snapshot(1).orElseThrow().letters()).isEqualTo(letters);
        Job done = again.apply(new JobEvent.SnapshotDone(T1, 1, JsonNodeFactory.instance.objectNode()));
        assertThat(done.redriven()).isEqualTo(Map.of("orders.dlq-0", 9L));
        assertThat(done.lastOperation().state()).isEqualTo(Outcome.DONE);
        assertThat(done.nextSnapshot()).isEqualTo(2);
    }
}

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

        Job reading = asked.apply(new JobEvent.SnapshotCut(T1, 1, REPLAY));
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
}

package io.weir.streams.job.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.registry.JobState.Aim;
import io.weir.streams.job.registry.Operation.Kind;
import io.weir.streams.job.registry.Operation.Outcome;
import io.weir.streams.replay.ReplayTier;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTest {
    static final Instant T0 = Instant.parse("2026-11-20T08:00:00Z");
    private static final Instant T1 = T0.plusSeconds(1);
    private static final Failure BAD_RECORD =
            new Failure(Whose.USER, "orders.map", "orders-0@17", "value is no number", "mend it");

    private static final JsonNode NOTHING = JsonNodeFactory.instance.objectNode();
    private static final Replay REPLAY =
            new Replay(Map.of("orders-0", 0L), Map.of("orders-0", 9L), Map.of(), -1, 0, 10_000, false, ReplayTier.T1);

    @Test
    void aDeployedJobStartsThenRunsThenIsStoppedAndStartedAgain() {
        Job job = deployed();
        assertThat(job.state()).isEqualTo(new JobState.Starting(T0, Aim.LIVE));
        assertThat(job.lastOperation().kind()).isEqualTo(Kind.DEPLOY);

        Job live = job.apply(Transitions.ran(job, 1, T1).orElseThrow());
        assertThat(live.state()).isEqualTo(new JobState.Live(T1));
        assertThat(live.lastOperation().state()).isEqualTo(Outcome.DONE);

        Job stopping = live.apply(Transitions.stop(live, T1));
        assertThat(Transitions.isStopping(stopping)).isTrue();
        Map<String, JobState.Position> positions = Map.of("orders-0", new JobState.Position(17, "AQ=="));
        Job stopped = stopping.apply(
                Transitions.cameToRest(stopping, 1, positions, T1).orElseThrow());
        assertThat(stopped.state()).isEqualTo(new JobState.Stopped(T1, positions, Aim.LIVE, true));
        assertThat(Transitions.isStopping(stopped)).isFalse();

        Job again = stopped.apply(Transitions.start(stopped, T1));
        assertThat(again.state().shouldRun()).isTrue();
        assertThat(again.rev()).isEqualTo(5);
        assertThat(again.operations()).extracting(Operation::id).containsExactly("op-1", "op-2", "op-3");
    }

    /// Which request is allowed in which state, restated here on purpose.
    @ParameterizedTest
    @CsvSource({
        "starting, false, true, true",
        "live,     false, true, true",
        "stopping, false, false, true",
        "stopped,  true,  false, true",
        "failed,   true,  true, true",
        "deleting, false, false, false",
    })
    void requestsAreAllowedByState(String state, boolean start, boolean stop, boolean delete) {
        Job job = in(state);
        assertThat(allowed(() -> Transitions.start(job, T1))).as("start").isEqualTo(start);
        assertThat(allowed(() -> Transitions.stop(job, T1))).as("stop").isEqualTo(stop);
        assertThat(allowed(() -> Transitions.delete(job, T1))).as("delete").isEqualTo(delete);
    }

    @Test
    void aLateReportOfARunnerChangesNothing() {
        Job stopped = in("stopped");
        assertThat(Transitions.ran(stopped, 1, T1)).isEmpty();
        assertThat(Transitions.broke(stopped, 1, BAD_RECORD, false, T1)).isEmpty();
        assertThat(Transitions.ran(in("starting"), 2, T1)).isEmpty();
        assertThat(Transitions.restarted(in("failed"), 1, T0.minusSeconds(9), T1))
                .isEmpty();
    }

    @Test
    void aFailureEndsTheRunningOperationAndKeepsOwnerOperatorAndPosition() {
        Job failed = in("failed");
        assertThat(failed.state()).isEqualTo(new JobState.Failed(T1, BAD_RECORD, Aim.LIVE));
        assertThat(failed.last().event()).isEqualTo("failed: value is no number");
        Job starting = deployed();
        Job atOnce = starting.apply(
                Transitions.broke(starting, 1, BAD_RECORD, false, T1).orElseThrow());
        assertThat(atOnce.lastOperation().state()).isEqualTo(Outcome.FAILED);
        assertThat(atOnce.lastOperation().problem()).isEqualTo("value is no number");
    }

    @Test
    void restartsAreCountedUntilTheJobRanSteadilyOrAUserStartsIt() {
        Job failed = in("failed");
        Job second = failed.apply(Transitions.restarted(failed, 1, T1, T1).orElseThrow());
        assertThat(second.liveVersion().restarts()).isEqualTo(1);
        Job failedAgain =
                second.apply(Transitions.broke(second, 1, BAD_RECORD, false, T1).orElseThrow());
        assertThat(failedAgain.liveVersion().restarts()).isEqualTo(1);
        Job steady =
                second.apply(Transitions.broke(second, 1, BAD_RECORD, true, T1).orElseThrow());
        assertThat(steady.liveVersion().restarts()).isZero();
        assertThat(failedAgain
                        .apply(Transitions.start(failedAgain, T1))
                        .liveVersion()
                        .restarts())
                .isZero();
    }

    @Test
    void aStopCancelsADeployThatStillRuns() {
        Job starting = deployed();
        Job stopping = starting.apply(Transitions.stop(starting, T1));
        assertThat(stopping.operation("op-1")).map(Operation::state).contains(Outcome.CANCELLED);
    }

    @Test
    void onlyTheNewestTwentyOperationsAreKept() {
        Job job = in("live");
        for (int i = 0; i < 15; i++) {
            job = job.apply(Transitions.stop(job, T1));
            job = job.apply(Transitions.cameToRest(job, 1, Map.of(), T1).orElseThrow());
            job = job.apply(Transitions.start(job, T1));
            job = job.apply(Transitions.ran(job, 1, T1).orElseThrow());
        }
        assertThat(job.operations()).hasSize(20);
        assertThat(job.operations().getFirst().id()).isEqualTo("op-12");
        assertThat(job.lastOperation().id()).isEqualTo("op-31");
    }

    @ParameterizedTest
    @CsvSource({
        "shop.DelaysByHour, delays-by-hour",
        "HTTPStats, http-stats",
        "shop.Outer$Inner2Go, inner2-go",
        "revenue, revenue"
    })
    void aClassNameBecomesAJobName(String className, String job) {
        assertThat(JobName.ofClass(className)).hasToString(job);
    }

    @ParameterizedTest
    @CsvSource({"artifacts", "plan", "Upper", "with.dot", "'with blank'", "''", "ä"})
    void badJobNamesAreRefused(String name) {
        assertThatThrownBy(() -> new JobName(name))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("job-name-invalid"));
    }

    private static boolean allowed(Runnable request) {
        try {
            request.run();
            return true;
        } catch (WeirException e) {
            assertThat(e.status()).isEqualTo(409);
            return false;
        }
    }

    @Test
    void aSecondVersionReplaysBesideTheLiveOneIsPromotedRolledBackAndRetired() {
        Job job = replaying();
        assertThat(job.version(2).orElseThrow().outputs().topicOf("copies")).isEqualTo("copies.v2");
        assertThat(job.lastOperation().kind()).isEqualTo(Kind.REPLAY);
        job = job.apply(Transitions.ran(job, 2, T1).orElseThrow());
        assertThat(job.version(2).orElseThrow().state()).isEqualTo(new JobState.Replaying(T1));
        job = job.apply(Transitions.readHistory(job, 2, T1).orElseThrow());
        job = job.apply(Transitions.caughtUp(job, 2, T1).orElseThrow());
        assertThat(job.version(2).orElseThrow().state()).isEqualTo(new JobState.Shadow(T1));
        assertThat(job.lastOperation().state()).isEqualTo(Outcome.DONE);
        assertThat(job.live()).isEqualTo(1);

        job = job.apply(Transitions.cutOver(job, Kind.PROMOTE, 2, Map.of(), true, T1));
        assertThat(job.hold()).isNotNull();
        job = job.apply(Transitions.stood(job, 1, Map.of("orders-0", 7L), T1).orElseThrow());
        // two nodes, each with some of the partitions: what is known is not noted again and again
        job = job.apply(Transitions.stood(job, 1, Map.of("orders-1", 3L), T1).orElseThrow());
        assertThat(Transitions.stood(job, 1, Map.of("orders-0", 7L), T1)).isEmpty();
        assertThat(Transitions.stood(job, 1, Map.of("orders-1", 4L), T1)).isPresent();
        job = job.apply(Transitions.stood(job, 2, Map.of("orders-0", 8L), T1).orElseThrow());
        job = job.apply(new JobEvent.BarrierSet(T1, Map.of("orders-0", 8L)));
        assertThat(job.hold().at()).isEqualTo(Map.of("orders-0", 8L));
        Outputs beside = Outputs.after(List.of("copies"), 1, Map.of("copies-0", 5L), Map.of());
        job = job.apply(new JobEvent.CutOver(
                T1, job.lastOperation().id(), 2, Outputs.REAL, beside, T1.plusSeconds(9), NOTHING));
        assertThat(job.live()).isEqualTo(2);
        assertThat(job.warm()).isEqualTo(1);
        assertThat(job.hold()).isNull();
        assertThat(job.state()).isEqualTo(new JobState.Live(T1));
        assertThat(job.version(1).orElseThrow().state()).isEqualTo(new JobState.Warm(T1));
        assertThat(job.lastOperation().state()).isEqualTo(Outcome.DONE);

        job = job.apply(Transitions.cutOver(job, Kind.ROLLBACK, 1, Map.of(), true, T1));
        job = job.apply(new JobEvent.CutOver(
                T1, job.lastOperation().id(), 1, Outputs.REAL, beside, T1.plusSeconds(9), NOTHING));
        assertThat(job.live()).isEqualTo(1);
        job = job.apply(Transitions.retire(job, 2, T1));
        assertThat(job.warm()).isZero();
        job = job.apply(new JobEvent.VersionGone(T1, 2, NOTHING));
        assertThat(job.versions()).hasSize(1);
        assertThat(job.lastOperation().state()).isEqualTo(Outcome.DONE);
        assertThat(job.nextVersion()).isEqualTo(3);
    }

    /// Which request is allowed for a second version, restated here on purpose.
    @ParameterizedTest
    @CsvSource({
        // state,   replay, takeOver, restart, compare, promote, rollback, retire
        "planned,   true,   true,     false,   false,   false,   false,    true",
        "replaying, false,  false,    false,   false,   false,   false,    false",
        "shadow,    false,  false,    false,   true,    true,    false,    true",
        "warm,      false,  false,    false,   true,    false,   true,     true",
        "failed2,   false,  false,    true,    true,    false,   false,    true",
        "holding,   false,  false,    false,   false,   false,   false,    false",
    })
    void requestsForAVersionAreAllowedByItsState(
            String state,
            boolean replay,
            boolean takeOver,
            boolean restart,
            boolean compare,
            boolean promote,
            boolean rollback,
            boolean retire) {
        Job job = second(state);
        int number = state.equals("warm") ? 1 : 2;
        assertThat(allowed(() -> Transitions.replay(job, number, REPLAY, Map.of(), T1)))
                .as("replay")
                .isEqualTo(replay);
        assertThat(allowed(() -> Transitions.takeOver(job, number, T1)))
                .as("takeOver")
                .isEqualTo(takeOver);
        assertThat(allowed(() -> Transitions.restart(job, number, T1)))
                .as("restart")
                .isEqualTo(restart);
        assertThat(allowed(() -> Transitions.compare(job, number, Map.of(), T1)))
                .as("compare")
                .isEqualTo(compare);
        assertThat(allowed(() -> Transitions.cutOver(job, Kind.PROMOTE, number, Map.of(), true, T1)))
                .as("promote")
                .isEqualTo(promote);
        assertThat(allowed(() -> Transitions.cutOver(job, Kind.ROLLBACK, number, Map.of(), true, T1)))
                .as("rollback")
                .isEqualTo(rollback);
        assertThat(allowed(() -> Transitions.retire(job, number, T1)))
                .as("retire")
                .isEqualTo(retire);
    }

    @Test
    void aTakeOverWhoseCorrectionsMayBeWrittenIsBroughtToItsEnd() {
        Job job = second("holding");
        assertThat(allowed(() -> Transitions.cancel(second("holding"), "op-3", T1)))
                .isTrue();
        Job marked = job.apply(new JobEvent.OutputsMarked(T1, Map.of("copies-0", 5L)));
        assertThat(allowed(() -> Transitions.cancel(marked, "op-3", T1))).isFalse();
        assertThat(allowed(() -> Transitions.stop(marked, T1))).isFalse();
        Job broken = marked.apply(new JobEvent.Broke(T1, 2, BAD_RECORD, false));
        assertThat(broken.runningOperation()).isPresent();
        assertThat(broken.hold()).isNotNull();
        Job before = job.apply(new JobEvent.Broke(T1, 2, BAD_RECORD, false));
        assertThat(before.runningOperation()).isEmpty();
        assertThat(before.hold()).isNull();
    }

    @Test
    void theLiveVersionCannotBeRetired() {
        assertThatThrownBy(() -> Transitions.retire(second("shadow"), 1, T1))
                .isInstanceOfSatisfying(
                        WeirException.class, e -> assertThat(e.code()).isEqualTo("version-live"))
                .hasMessageContaining("copies");
    }

    @Test
    void stopStopsAllVersionsAndStartBringsEachBackToWhatItWas() {
        Job job = second("shadow");
        job = job.apply(Transitions.stop(job, T1));
        assertThat(job.versions()).allMatch(version -> version.state() instanceof JobState.Stopped);
        job = job.apply(Transitions.cameToRest(job, 1, Map.of(), T1).orElseThrow());
        assertThat(job.lastOperation().running()).isTrue();
        job = job.apply(Transitions.cameToRest(job, 2, Map.of(), T1).orElseThrow());
        assertThat(job.lastOperation().state()).isEqualTo(Outcome.DONE);
        job = job.apply(Transitions.start(job, T1));
        job = job.apply(Transitions.ran(job, 1, T1).orElseThrow());
        job = job.apply(Transitions.ran(job, 2, T1).orElseThrow());
        assertThat(job.versions())
                .extracting(version -> version.state().label())
                .containsExactly("LIVE", "SHADOW");
    }

    @Test
    void aVersionThatTakesOverKeepsGroupAndOutputsOfTheOneItReplaces() {
        Job job = second("planned");
        job = job.apply(Transitions.takeOver(job, 2, T1));
        assertThat(job.versions()).singleElement().satisfies(version -> {
            assertThat(version.number()).isEqualTo(2);
            assertThat(version.applicationId()).isEqualTo("orders.v1");
            assertThat(version.outputs().real()).isTrue();
        });
        job = job.apply(Transitions.ran(job, 2, T1).orElseThrow());
        assertThat(job.live()).isEqualTo(2);
        assertThat(job.lastOperation().state()).isEqualTo(Outcome.DONE);
    }

    @Test
    void aPausedOrCancelledReplayIsChangedInTheVersionAndOnlyWhileItRuns() {
        Job job = second("replaying");
        Job paused = job.apply(Transitions.tune(job, "op-2", OptionalLong.of(50), Optional.of(true), T1));
        assertThat(paused.version(2).orElseThrow().replay().paused()).isTrue();
        assertThat(paused.version(2).orElseThrow().replay().rate()).isEqualTo(50);
        Job cancelled = paused.apply(Transitions.cancel(paused, "op-2", T1));
        assertThat(cancelled.version(2).orElseThrow().state().label()).isEqualTo("FAILED");
        assertThat(cancelled.state().label()).isEqualTo("LIVE");
        assertThat(cancelled.lastOperation().state()).isEqualTo(Outcome.FAILED);
        assertThatThrownBy(() -> Transitions.cancel(cancelled, "op-2", T1)).hasMessageContaining("has ended");
        assertThatThrownBy(() -> Transitions.cancel(cancelled, "op-9", T1)).hasMessageContaining("no operation 'op-9'");
    }

    static Job replaying() {
        Job job = in("live");
        job = job.apply(Transitions.add(job, version(2)));
        return job.apply(Transitions.replay(job, 2, REPLAY, Map.of("from", "beginning"), T1));
    }

    /// A job whose second version is in a state; `warm` has the first one warm and the second live.
    static Job second(String state) {
        Job live = in("live");
        Job planned = live.apply(Transitions.add(live, version(2)));
        Job replaying = replaying().apply(new JobEvent.Moved(T1, 2, new JobState.Replaying(T1)));
        Job shadow = replaying.apply(new JobEvent.Moved(T1, 2, new JobState.Shadow(T1)));
        Job holding = shadow.apply(Transitions.cutOver(shadow, Kind.PROMOTE, 2, Map.of(), true, T1));
        return switch (state) {
            case "planned" -> planned;
            case "replaying" -> replaying;
            case "shadow" -> shadow;
            case "holding" ->
                holding.apply(Transitions.stood(holding, 1, Map.of("orders-0", 7L), T1)
                        .orElseThrow());
            case "warm" ->
                holding.apply(new JobEvent.CutOver(
                        T1,
                        "op-3",
                        2,
                        Outputs.REAL,
                        Outputs.after(List.of("copies"), 1, Map.of("copies-0", 5L), Map.of("copies.v1-0", 1L)),
                        T1.plusSeconds(9),
                        NOTHING));
            case "failed2" -> shadow.apply(new JobEvent.Broke(T1, 2, BAD_RECORD, false));
            default -> throw new IllegalArgumentException(state);
        };
    }

    static Job deployed() {
        return Job.deployed(new JobName("orders"), new JobEvent.Deployed(T0, version(), Map.of()));
    }

    static Job in(String state) {
        Job starting = deployed();
        Job live = starting.apply(new JobEvent.Moved(T1, 1, new JobState.Live(T1)));
        Job stopping = live.apply(new JobEvent.StopAsked(T1, Map.of()));
        return switch (state) {
            case "starting" -> starting;
            case "live" -> live;
            case "stopping" -> stopping;
            case "stopped" -> stopping.apply(new JobEvent.CameToRest(T1, 1, Map.of()));
            case "failed" -> live.apply(new JobEvent.Broke(T1, 1, BAD_RECORD, false));
            case "deleting" -> live.apply(new JobEvent.DeleteAsked(T1));
            default -> throw new IllegalArgumentException(state);
        };
    }

    static JobVersion version() {
        return version(1);
    }

    static JobVersion version(int number) {
        JsonMapper json = new JsonMapper();
        PlanNote plan = new PlanNote(
                json.createObjectNode().put("weir", "plan/1"),
                "orders -> copies",
                List.of("orders"),
                List.of("copies"),
                "");
        return JobVersion.planned(
                new JobName("orders"),
                number,
                "ab".repeat(32),
                "21",
                "shop.Copy",
                Map.of("weir.job.threads", "2"),
                plan,
                T0.minus(Duration.ofMillis(123)));
    }

    @Test
    void theEventOfEveryKindReadsAsASentence() {
        List<JobEvent> events = List.of(
                new JobEvent.Deployed(T0, version(), Map.of()),
                new JobEvent.StartAsked(T0, Map.of()),
                new JobEvent.Restarted(T0, 1, 2),
                new JobEvent.Added(T0, version(2)),
                new JobEvent.TookOver(T0, 2, Map.of()),
                new JobEvent.ReplayAsked(T0, 2, REPLAY, Map.of()),
                new JobEvent.ReplayTuned(T0, 2, 5, true),
                new JobEvent.RestartAsked(T0, 2),
                new JobEvent.Moved(T0, 1, new JobState.CatchingUp(T0)),
                new JobEvent.StopAsked(T0, Map.of()),
                new JobEvent.CameToRest(T0, 1, Map.of()),
                new JobEvent.Broke(T0, 1, BAD_RECORD, false),
                new JobEvent.CompareAsked(T0, 2, Map.of()),
                new JobEvent.CutOverAsked(T0, Kind.ROLLBACK, 2, Map.of(), true),
                new JobEvent.Stood(T0, 2, Map.of()),
                new JobEvent.BarrierSet(T0, Map.of()),
                new JobEvent.OutputsMarked(T0, Map.of()),
                new JobEvent.CutOver(T0, "op-3", 2, Outputs.REAL, Outputs.REAL, T1, NOTHING),
                new JobEvent.RetireAsked(T0, 2, Map.of()),
                new JobEvent.VersionGone(T0, 2, NOTHING),
                new JobEvent.DeleteAsked(T0),
                new JobEvent.RemovalFailed(T0, "log gone"),
                new JobEvent.OperationEnded(T0, "op-3", Outcome.DONE, "", NOTHING));
        assertThat(events)
                .extracting(JobEvent::sentence)
                .doesNotHaveDuplicates()
                .allMatch(s -> s.length() > 5);
        assertThat(events.get(2).sentence()).isEqualTo("restarted by itself (2)");
    }
}

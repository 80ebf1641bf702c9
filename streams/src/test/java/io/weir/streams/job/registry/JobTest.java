package io.weir.streams.job.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.streams.job.registry.Operation.Kind;
import io.weir.streams.job.registry.Operation.Outcome;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JobTest {
    static final Instant T0 = Instant.parse("2026-11-20T08:00:00Z");
    private static final Instant T1 = T0.plusSeconds(1);
    private static final Failure BAD_RECORD =
            new Failure(Whose.USER, "orders.map", "orders-0@17", "value is no number", "mend it");

    @Test
    void aDeployedJobStartsThenRunsThenIsStoppedAndStartedAgain() {
        Job job = deployed();
        assertThat(job.state()).isEqualTo(new JobState.Starting(T0));
        assertThat(job.lastOperation().kind()).isEqualTo(Kind.DEPLOY);

        Job live = job.apply(Transitions.wentLive(job, 1, T1).orElseThrow());
        assertThat(live.state()).isEqualTo(new JobState.Live(T1));
        assertThat(live.lastOperation().state()).isEqualTo(Outcome.DONE);

        Job stopping = live.apply(Transitions.stop(live, T1));
        assertThat(Transitions.isStopping(stopping)).isTrue();
        Map<String, JobState.Position> positions = Map.of("orders-0", new JobState.Position(17, "AQ=="));
        Job stopped =
                stopping.apply(Transitions.cameToRest(stopping, positions, T1).orElseThrow());
        assertThat(stopped.state()).isEqualTo(new JobState.Stopped(T1, positions));
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
        assertThat(Transitions.wentLive(stopped, 1, T1)).isEmpty();
        assertThat(Transitions.broke(stopped, 1, BAD_RECORD, false, T1)).isEmpty();
        assertThat(Transitions.wentLive(in("starting"), 2, T1)).isEmpty();
        assertThat(Transitions.restarted(in("failed"), T0.minusSeconds(9), T1)).isEmpty();
    }

    @Test
    void aFailureEndsTheRunningOperationAndKeepsOwnerOperatorAndPosition() {
        Job failed = in("failed");
        assertThat(failed.state()).isEqualTo(new JobState.Failed(T1, BAD_RECORD));
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
        Job second = failed.apply(Transitions.restarted(failed, T1, T1).orElseThrow());
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
            job = job.apply(Transitions.cameToRest(job, Map.of(), T1).orElseThrow());
            job = job.apply(Transitions.start(job, T1));
            job = job.apply(Transitions.wentLive(job, 1, T1).orElseThrow());
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

    static Job deployed() {
        return Job.deployed(new JobName("orders"), new JobEvent.Deployed(T0, version()));
    }

    static Job in(String state) {
        Job starting = deployed();
        Job live = starting.apply(new JobEvent.WentLive(T1));
        Job stopping = live.apply(new JobEvent.StopAsked(T1));
        return switch (state) {
            case "starting" -> starting;
            case "live" -> live;
            case "stopping" -> stopping;
            case "stopped" -> stopping.apply(new JobEvent.CameToRest(T1, Map.of()));
            case "failed" -> live.apply(new JobEvent.Broke(T1, BAD_RECORD, false));
            case "deleting" -> live.apply(new JobEvent.DeleteAsked(T1));
            default -> throw new IllegalArgumentException(state);
        };
    }

    static JobVersion version() {
        JsonMapper json = new JsonMapper();
        PlanNote plan = new PlanNote(
                json.createObjectNode().put("weir", "plan/1"),
                "orders -> copies",
                List.of("orders"),
                List.of("copies"));
        return new JobVersion(
                1,
                "ab".repeat(32),
                "shop.Copy",
                Map.of("weir.job.threads", "2"),
                "orders.v1",
                plan,
                T0.minus(Duration.ofMillis(123)),
                new JobState.Planned(T0),
                0);
    }

    @Test
    void theEventOfEveryKindReadsAsASentence() {
        List<JobEvent> events = List.of(
                new JobEvent.Deployed(T0, version()),
                new JobEvent.StartAsked(T0),
                new JobEvent.Restarted(T0, 2),
                new JobEvent.WentLive(T0),
                new JobEvent.StopAsked(T0),
                new JobEvent.CameToRest(T0, Map.of()),
                new JobEvent.Broke(T0, BAD_RECORD, false),
                new JobEvent.DeleteAsked(T0),
                new JobEvent.RemovalFailed(T0, "log gone"));
        assertThat(events)
                .extracting(JobEvent::sentence)
                .doesNotHaveDuplicates()
                .allMatch(s -> s.length() > 5);
        assertThat(Optional.of(events.get(2).sentence())).contains("restarted by itself (2)");
    }
}

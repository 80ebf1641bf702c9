package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.Step;
import io.weir.streams.dsl.StepContext;
import io.weir.streams.dsl.StepStore;
import io.weir.streams.dsl.StreamJob;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Operators of the job's own: state, timers, and what remains of a row that fails.
class StepsTest {
    record Click(String id, String page) {}

    record Quiet(String page, long clicks) {}

    record Counted(long n) {}

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    /// Lets each id pass once.
    static final class Once implements Step<String, Click, String, Click> {
        static final StepStore<String, Long> SEEN = StepStore.of("seen", String.class, Long.class);

        @Override
        public List<StepStore<?, ?>> stores() {
            return List.of(SEEN);
        }

        @Override
        public void row(String key, Click click, StepContext<String, Click> context) {
            if (context.store(SEEN).put(click.id(), 1L) == null) {
                context.emit(click.page(), click);
            }
            if (click.page().equals("bad")) {
                throw new IllegalStateException("bad click");
            }
        }
    }

    /// Tells how many clicks a key had, once it has been quiet for 10 seconds.
    static final class AfterSilence implements Step<String, Click, String, Quiet> {
        record Heard(long clicks, String page, Instant last) {}

        static final StepStore<String, Heard> HEARD = StepStore.of("heard", String.class, Heard.class);

        @Override
        public List<StepStore<?, ?>> stores() {
            return List.of(HEARD);
        }

        @Override
        public void row(String key, Click click, StepContext<String, Quiet> context) {
            Heard before = context.store(HEARD).get(key);
            context.store(HEARD)
                    .put(key, new Heard(before == null ? 1 : before.clicks() + 1, click.page(), context.time()));
            context.timer(context.time().plusSeconds(10));
        }

        @Override
        public void timer(String key, Instant at, StepContext<String, Quiet> context) {
            Heard heard = context.store(HEARD).get(key);
            if (heard != null && !heard.last().isAfter(at.minusSeconds(10))) {
                context.store(HEARD).remove(key);
                if (heard.page().equals("bad")) {
                    throw new IllegalStateException("bad page");
                }
                context.emit(key, new Quiet(heard.page(), heard.clicks()));
            }
        }
    }

    private static final StreamJob ONCE = flow -> flow.stream("in", Click.class)
            .through(new Once(), String.class, Click.class)
            .to("out");

    private static final StreamJob QUIET = flow -> flow.stream("in", Click.class)
            .through(new AfterSilence(), String.class, Quiet.class)
            .to("out");

    @Test
    void aStepKeepsStateAndGivesNewKeys() {
        try (StreamScenario scenario = StreamScenario.of(ONCE)) {
            scenario.send("in", "k", new Click("1", "a"))
                    .send("in", "k", new Click("1", "a"))
                    .send("in", "k", new Click("2", "b"));

            assertThat(scenario.read("out", Click.class)).extracting(Row::key).containsExactly("a", "b");
        }
    }

    @Test
    void aRowThatThrowsLeavesNeitherRowsNorState() {
        try (StreamScenario scenario = StreamScenario.of(ONCE)) {
            scenario.send("in", "k", new Click("1", "bad")).send("in", "k", new Click("1", "good"));

            assertThat(scenario.read("out", Click.class)).extracting(Row::key).containsExactly("good");
            assertThat(scenario.dlq())
                    .extracting(letter -> letter.headers().get("weir.stage"))
                    .containsExactly("in.through");
        }
    }

    @Test
    void timersFollowEventTimeAndComeBeforeTheRowThatMovesIt() {
        try (StreamScenario scenario = StreamScenario.of(QUIET)) {
            scenario.at(START).send("in", "k", new Click("1", "a"));
            scenario.at(START.plusSeconds(9)).send("in", "k", new Click("2", "b"));
            scenario.at(START.plusSeconds(18)).send("in", "j", new Click("3", "c"));
            assertThat(scenario.read("out", Quiet.class)).isEmpty();
            scenario.at(START.plusSeconds(19)).send("in", "k", new Click("4", "d"));

            List<Row<Quiet>> rows = scenario.read("out", Quiet.class);
            assertThat(rows).extracting(Row::row).containsExactly(new Quiet("b", 2));
            assertThat(rows).extracting(Row::time).containsExactly(START.plusSeconds(19));
            scenario.closeWindows();
            assertThat(scenario.read("out", Quiet.class))
                    .extracting(Row::row)
                    .containsExactly(new Quiet("c", 1), new Quiet("d", 1));
        }
    }

    @Test
    void aTimerThatThrowsIsTheDeadLetterAndNotTheRowThatCameThen() {
        try (StreamScenario scenario = StreamScenario.of(QUIET)) {
            scenario.at(START).send("in", "k", new Click("1", "bad"));
            scenario.at(START.plusSeconds(20)).send("in", "j", new Click("2", "b"));
            scenario.closeWindows();

            assertThat(scenario.dlq())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.key() + letter.value())
                            .isEqualTo("k{\"timer\":\"2026-01-01T00:00:10.000000000Z\"}"));
            assertThat(scenario.read("out", Quiet.class)).extracting(Row::row).containsExactly(new Quiet("b", 1));
        }
    }

    @Test
    void whatNeedsAKeyBehindAStepNeedsKeyBy() {
        PlanRefused refused = catchThrowableOfType(
                PlanRefused.class,
                () -> Plan.of(
                        "j",
                        flow -> flow.stream("in", Click.class)
                                .through(new Once(), String.class, Click.class)
                                .aggregate(Counted.class, count("n"))
                                .toTable("out")));

        assertThat(refused)
                .hasMessageStartingWith("Stage 'in.through': it may give rows any key")
                .hasMessageEndingWith("Put keyBy before the operator that needs the rows of a key together.");
    }

    record Keeping(int seconds) implements Step<String, Click, String, Click> {
        @Override
        public void row(String key, Click click, StepContext<String, Click> context) {
            context.emit(key, click, context.time().plusSeconds(seconds));
        }
    }

    @Test
    void whatAStepIsMadeWithIsPartOfItsFingerprint() {
        assertThat(keeping(1)).isEqualTo(keeping(1)).isNotEqualTo(keeping(2));
    }

    private static Plan keeping(int seconds) {
        return Plan.of(
                "j",
                flow -> flow.stream("in", Click.class)
                        .through(new Keeping(seconds), String.class, Click.class)
                        .to("out"));
    }

    @Test
    void aStepStandsInThePlanWithItsStores() {
        Plan plan = Plan.of("j", ONCE);

        assertThat(plan.print()).contains("through opaque#").contains("store 'seen'");
        assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
    }
}

package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.collect;
import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.first;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.hopping;
import static io.weir.streams.dsl.Window.session;
import static io.weir.streams.dsl.Window.sliding;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Window;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// The four kinds of windows: what belongs to them, when they close, and what is late for them.
class WindowsTest {
    record Click(String page) {}

    record Seen(long n, List<String> pages) {}

    record Visit(long n, String landed, long total) {}

    record Priced(String page, int price) {}

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static StreamJob seen(Window window) {
        return flow -> flow.stream("in", Click.class)
                .window(window)
                .aggregate(Seen.class, count("n"), collect(10, Click::page, "pages"))
                .to("out");
    }

    private static void send(StreamScenario scenario, int second, String page) {
        scenario.at(START.plusSeconds(second)).send("in", "k", new Click(page));
    }

    /// `0..60 [a, b]`: seconds from the start, and what was seen.
    private static List<String> windows(StreamScenario scenario) {
        return scenario.read("out", Seen.class).stream()
                .map(row -> bounds(row)
                        + (row.value() == null ? " -" : " " + row.row().pages()))
                .toList();
    }

    private static String bounds(Row<?> row) {
        String[] parts = String.valueOf(row.key()).split("\"");
        long from = Duration.between(START, Instant.parse(parts[7])).toMillis();
        long to = Duration.between(START, Instant.parse(parts[11])).toMillis();
        assertThat(row.time()).as("timestamp").isEqualTo(START.plusMillis(to - 1));
        return from / 1000.0 + ".." + to / 1000.0;
    }

    @Test
    void aHoppingRowBelongsToEveryWindowThatHoldsItsTime() {
        try (StreamScenario scenario =
                StreamScenario.of(seen(hopping("60s", "20s").grace("0s")))) {
            send(scenario, 30, "a");
            send(scenario, 45, "b");
            scenario.closeWindows();

            assertThat(windows(scenario))
                    .containsExactly("-20.0..40.0 [a]", "0.0..60.0 [a, b]", "20.0..80.0 [a, b]", "40.0..100.0 [b]");
        }
    }

    @Test
    void aHoppingRowIsLateOnceItsLastWindowHasClosedAndPartlyLateBefore() {
        try (StreamScenario scenario =
                StreamScenario.of(seen(hopping("60s", "20s").grace("5s").late("in.late")))) {
            send(scenario, 100, "a");
            send(scenario, 30, "b");
            send(scenario, 19, "c");
            send(scenario, 40, "d");
            scenario.closeWindows();

            assertThat(windows(scenario))
                    .containsExactly("40.0..100.0 [d]", "60.0..120.0 [a]", "80.0..140.0 [a]", "100.0..160.0 [a]");
            assertThat(scenario.late()).extracting(Row::value).containsExactly("{\"page\":\"b\"}", "{\"page\":\"c\"}");
        }
    }

    @Test
    void windowsThatHaveClosedForARowWhichOthersTakeAreCounted() {
        try (StreamScenario scenario =
                StreamScenario.of(seen(hopping("60s", "20s").grace("0s").late("in.late")))) {
            send(scenario, 100, "a");
            send(scenario, 65, "b");

            assertThat(scenario.counts().latePartialByStage()).containsEntry("in.window", 2L);
            assertThat(scenario.counts().lateByStage()).containsEntry("in.window", 0L);
            assertThat(scenario.late()).isEmpty();
            scenario.closeWindows();
            assertThat(windows(scenario)).contains("60.0..120.0 [b, a]");
        }
    }

    @Test
    void slidingWindowsEndOrBeginWithARow() {
        try (StreamScenario scenario = StreamScenario.of(seen(sliding("10s").grace("0s")))) {
            send(scenario, 20, "a");
            send(scenario, 25, "b");
            send(scenario, 60, "c");
            scenario.closeWindows();

            assertThat(windows(scenario))
                    .containsExactly(
                            "10.0..20.001 [a]", "15.0..25.001 [a, b]", "20.001..30.002 [b]", "50.0..60.001 [c]");
        }
    }

    @Test
    void aSlidingWindowDoesNotDependOnTheOrderOfArrival() {
        try (StreamScenario scenario = StreamScenario.of(seen(sliding("10s").grace("30s")))) {
            send(scenario, 25, "b");
            send(scenario, 60 - 30, "d");
            send(scenario, 20, "a");
            scenario.closeWindows();

            assertThat(windows(scenario))
                    .containsExactly(
                            "10.0..20.001 [a]",
                            "15.0..25.001 [a, b]",
                            "20.0..30.001 [a, b, d]",
                            "20.001..30.002 [b, d]",
                            "25.001..35.002 [d]");
        }
    }

    @Test
    void aSlidingRowIsLateOnceTheGraceHasPassed() {
        try (StreamScenario scenario =
                StreamScenario.of(seen(sliding("10s").grace("5s").late("in.late")))) {
            send(scenario, 30, "a");
            send(scenario, 25, "b");
            send(scenario, 24, "c");
            scenario.closeWindows();

            assertThat(scenario.late()).extracting(Row::value).containsExactly("{\"page\":\"c\"}");
            assertThat(windows(scenario))
                    .containsExactly("15.0..25.001 [b]", "20.0..30.001 [b, a]", "25.001..35.002 [a]");
        }
    }

    @Test
    void aSessionHoldsRowsWithoutALongPause() {
        try (StreamScenario scenario = StreamScenario.of(seen(session("10s").grace("0s")))) {
            send(scenario, 0, "a");
            send(scenario, 10, "b");
            send(scenario, 21, "c");
            assertThat(windows(scenario)).containsExactly("0.0..10.001 [a, b]");
            scenario.closeWindows();

            assertThat(windows(scenario)).containsExactly("21.0..21.001 [c]");
        }
    }

    @Test
    void aRowBetweenTwoSessionsMakesThemOne() {
        StreamJob job = flow -> flow.stream("in", Priced.class)
                .window(session("10s").grace("1m"))
                .aggregate(Visit.class, count("n"), first(Priced::page, "landed"), sum(Priced::price, "total"))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.at(START.plusSeconds(15)).send("in", "k", new Priced("b", 2));
            scenario.at(START).send("in", "k", new Priced("a", 1));
            scenario.at(START.plusSeconds(8)).send("in", "k", new Priced("c", 4));
            scenario.closeWindows();

            List<Row<Visit>> visits = scenario.read("out", Visit.class);
            assertThat(visits).extracting(Row::row).containsExactly(new Visit(3, "a", 7));
            assertThat(visits).extracting(WindowsTest::bounds).containsExactly("0.0..15.001");
        }
    }

    @Test
    void aRowOfAClosedSessionIsLateSoThatNoSessionEndsTwice() {
        try (StreamScenario scenario =
                StreamScenario.of(seen(session("10s").grace("0s").late("in.late")))) {
            send(scenario, 0, "a");
            send(scenario, 11, "b");
            send(scenario, 2, "c");
            send(scenario, 1, "d");
            send(scenario, 0, "e");
            scenario.closeWindows();

            assertThat(windows(scenario)).containsExactly("0.0..0.001 [a]", "11.0..11.001 [b]");
            assertThat(scenario.late()).hasSize(3);
        }
    }

    @Test
    void opaqueSessionsAreMergedByTheJob() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .window(session("10s").grace("1m"))
                .aggregate(() -> "", (key, click, text) -> text + click.page(), (key, one, other) -> one + "+" + other)
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            send(scenario, 15, "b");
            send(scenario, 0, "a");
            send(scenario, 8, "c");
            scenario.closeWindows();

            assertThat(scenario.read("out", String.class))
                    .extracting(Row::value)
                    .containsExactly("a+bc");
        }
    }

    @Test
    void updatesPassOnEveryStepAndNothingWhenTheWindowCloses() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(Seen.class, count("n"), collect(10, Click::page, "pages"))
                .emitUpdates()
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            send(scenario, 0, "a");
            send(scenario, 1, "b");
            scenario.closeWindows();

            assertThat(windows(scenario)).containsExactly("0.0..60.0 [a]", "0.0..60.0 [a, b]");
        }
    }

    @Test
    void updatesOfASessionDeleteTheSessionsThatHaveBecomePartOfIt() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .window(session("10s").grace("1m"))
                .aggregate(Seen.class, count("n"), collect(10, Click::page, "pages"))
                .emitUpdates()
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            send(scenario, 0, "a");
            send(scenario, 15, "b");
            send(scenario, 8, "c");

            assertThat(windows(scenario))
                    .containsExactly(
                            "0.0..0.001 [a]",
                            "15.0..15.001 [b]",
                            "0.0..0.001 -",
                            "15.0..15.001 -",
                            "0.0..15.001 [a, c, b]");
        }
    }

    @Test
    void aFilteredUpdateDeletesWhatItReplaces() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(Seen.class, count("n"), collect(10, Click::page, "pages"))
                .emitUpdates()
                .where(Seen::n)
                .lt(2L)
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            send(scenario, 0, "a");
            send(scenario, 1, "b");

            assertThat(windows(scenario)).containsExactly("0.0..60.0 [a]", "0.0..60.0 -");
        }
    }

    @Test
    void windowsLastAtLeastAMillisecondAndHopsLeaveNoGaps() {
        assertThat(refusal(() -> hopping("10s", "20s")).rule()).isEqualTo("window-size");
        assertThat(refusal(() -> sliding("0s")).rule()).isEqualTo("window-size");
        assertThat(refusal(() -> session("0s")).rule()).isEqualTo("window-size");
    }

    @Test
    void everyWindowSurvivesTheRoundTripThroughJson() {
        for (Window window : List.of(
                tumbling("1m").grace("1s"),
                hopping("1m", "20s").grace("1s").late("l"),
                sliding("1m").grace("1s"),
                session("1m").grace("1s"))) {
            Plan plan = Plan.of("j", seen(window));

            assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
            assertThat(Plan.fromJson(plan.toJson()).print()).isEqualTo(plan.print());
        }
    }

    private static PlanRefused refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(PlanRefused.class, call);
    }
}

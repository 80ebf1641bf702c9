package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.avg;
import static io.weir.streams.dsl.Aggregate.collect;
import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.countIf;
import static io.weir.streams.dsl.Aggregate.distinctApprox;
import static io.weir.streams.dsl.Aggregate.first;
import static io.weir.streams.dsl.Aggregate.last;
import static io.weir.streams.dsl.Aggregate.max;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.session;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Table;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Folds, over windows and for ever: one claim each, on a whole job.
class AggregatesTest {
    record Reading(String sensor, Double celsius, String unit, boolean valid) {}

    record Summary(
            long n,
            long valid,
            String opened,
            String closed,
            long units,
            List<String> seen,
            Double average,
            Double warmest) {}

    record Total(long n, long sum) {}

    record Item(String name, int price) {}

    record Basket(int price, List<String> names) {}

    private static Reading reading(String unit, Double celsius, boolean valid) {
        return new Reading("s", celsius, unit, valid);
    }

    @Test
    void everyInspectableAggregateFoldsAWindow() {
        StreamJob job = flow -> flow.stream("in", Reading.class)
                .window(tumbling("1m").grace("10s"))
                .aggregate(
                        Summary.class,
                        count("n"),
                        countIf(Reading::valid, "valid"),
                        first(Reading::unit, "opened"),
                        last(Reading::unit, "closed"),
                        distinctApprox(Reading::unit, "units"),
                        collect(2, Reading::unit, "seen"),
                        avg(Reading::celsius, "average").approximate(),
                        max(Reading::celsius, "warmest"))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.at("2026-01-01T00:00:30Z").send("in", "k", reading("b", 2.0, true));
            scenario.at("2026-01-01T00:00:10Z").send("in", "k", reading("a", 1.0, false));
            scenario.at("2026-01-01T00:00:50Z").send("in", "k", reading("c", 6.0, true));
            scenario.at("2026-01-01T00:00:40Z").send("in", "k", reading("a", null, true));
            scenario.at("2026-01-01T00:00:59Z").send("in", "k", reading(null, null, false));
            scenario.closeWindows();

            assertThat(scenario.read("out", Summary.class))
                    .extracting(Row::row)
                    .as("first, last and collect go by event time, not by arrival")
                    .containsExactly(new Summary(5, 3, "a", "c", 3, List.of("a", "b"), 3.0, 6.0));
        }
    }

    @Test
    void aggregatesOfNothingAreZeroNullOrEmpty() {
        StreamJob job = flow -> flow.stream("in", Reading.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(
                        Summary.class,
                        count("n"),
                        countIf(reading -> reading.valid(), "valid"),
                        first(Reading::unit, "opened"),
                        last(Reading::unit, "closed"),
                        distinctApprox(Reading::unit, "units"),
                        collect(2, Reading::unit, "seen"),
                        avg(Reading::celsius, "average").approximate(),
                        max(Reading::celsius, "warmest"))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "k", reading(null, null, false)).closeWindows();

            assertThat(scenario.read("out", Summary.class))
                    .extracting(Row::row)
                    .containsExactly(new Summary(1, 0, null, null, 0, List.of(), null, null));
        }
    }

    @Test
    void doublesNeedTheWordApproximate() {
        assertThat(refusal(flow -> flow.stream("in", Reading.class)
                        .aggregate(Item.class, sum(Reading::celsius, "name"))
                        .toTable("out")))
                .hasMessage("Stage 'in.aggregate': component 'name' sums binary floating point numbers; add"
                        + " .approximate(), got Double.");
    }

    @Test
    void withoutAWindowAFoldIsATableThatChangesWithEachRow() {
        StreamJob job = flow -> flow.stream("in", Item.class)
                .aggregate(Total.class, count("n"), sum(Item::price, "sum"))
                .emitUpdates()
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "a", new Item("x", 2))
                    .send("in", "b", new Item("y", 3))
                    .send("in", "a", new Item("z", 5))
                    .send("in", null, new Item("z", 5));

            assertThat(scenario.read("out", Total.class))
                    .extracting(row -> row.key() + row.row())
                    .containsExactly("aTotal[n=1, sum=2]", "bTotal[n=1, sum=3]", "aTotal[n=2, sum=7]");
            assertThat(scenario.dlq())
                    .extracting(letter -> letter.headers().get("__streams.errors.message"))
                    .containsExactly("Stage 'in.aggregate': a row needs a key to be folded, got null. Use keyBy.");
        }
    }

    @Test
    void opaqueFoldsStartFromAValueAndTakeRows() {
        StreamJob job = flow -> flow.stream("in", Item.class)
                .aggregate(() -> new Basket(0, List.of()), (key, item, basket) -> plus(basket, item))
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "a", new Item("x", 2)).send("in", "a", new Item("y", 3));

            assertThat(scenario.read("out", Basket.class).getLast().row()).isEqualTo(new Basket(5, List.of("x", "y")));
        }
    }

    @Test
    void aFoldThatThrowsSendsTheRowToTheDeadLettersAndKeepsTheState() {
        StreamJob job = flow -> flow.stream("in", Item.class)
                .aggregate(() -> 0L, (key, item, sum) -> sum + 10 / item.price())
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "a", new Item("x", 1))
                    .send("in", "a", new Item("bad", 0))
                    .send("in", "a", new Item("x", 5));

            assertThat(scenario.read("out", Long.class)).extracting(Row::row).containsExactly(10L, 12L);
            assertThat(scenario.dlq())
                    .extracting(letter -> letter.headers().get("weir.stage"))
                    .containsExactly("in.aggregate");
        }
    }

    @Test
    void reduceMakesOneRowOfTwo() {
        StreamJob job = flow -> flow.stream("in", Item.class)
                .reduce((one, other) -> new Item(one.name() + other.name(), one.price() + other.price()))
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "a", new Item("x", 2)).send("in", "a", new Item("y", 3));

            assertThat(scenario.read("out", Item.class))
                    .extracting(Row::row)
                    .containsExactly(new Item("x", 2), new Item("xy", 5));
        }
    }

    @Test
    void latestKeepsTheRowWithTheGreatestEventTime() {
        StreamJob job = flow -> flow.stream("in", Item.class).latest().toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.at("2026-01-01T00:00:10Z").send("in", "a", new Item("new", 2));
            scenario.at("2026-01-01T00:00:05Z").send("in", "a", new Item("old", 3));
            scenario.at("2026-01-01T00:00:10Z").send("in", "a", new Item("newer", 4));

            assertThat(scenario.read("out", Item.class))
                    .extracting(row -> row.row().name())
                    .containsExactly("new", "new", "newer");
        }
    }

    @Test
    void windowsFoldByCodeToo() {
        StreamJob job = flow -> flow.stream("in", Item.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(() -> new Basket(0, List.of()), (key, item, basket) -> plus(basket, item))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "a", new Item("x", 2))
                    .send("in", "a", new Item("y", 3))
                    .closeWindows();

            assertThat(scenario.read("out", Basket.class))
                    .extracting(Row::row)
                    .containsExactly(new Basket(5, List.of("x", "y")));
        }
    }

    @Test
    void sessionsOfAnOpaqueFoldNeedAMerge() {
        assertThat(refusal(flow -> flow.stream("in", Item.class)
                                .window(session("1m").grace("0s"))
                                .aggregate(() -> 0L, (key, item, sum) -> sum + item.price())
                                .to("out"))
                        .rule())
                .isEqualTo("merge-missing");
    }

    @Test
    void whereOnATableTurnsARejectedRowIntoADelete() {
        StreamJob job = flow -> flow.table("in", Item.class)
                .where(Item::price)
                .gt(2)
                .map(item -> new Item(item.name() + "!", item.price()))
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "a", new Item("x", 3))
                    .send("in", "a", new Item("y", 1))
                    .send("in", "b", new Item("z", 1))
                    .send("in", "a", new Item("w", 4))
                    .send("in", "a", null);

            assertThat(scenario.read("out", Item.class))
                    .extracting(row ->
                            row.key() + (row.value() == null ? "-" : row.row().name()))
                    .containsExactly("ax!", "a-", "aw!", "a-");
        }
    }

    @Test
    void aStreamJoinsAComputedTable() {
        StreamJob job = flow -> {
            Table<String, Total> totals = flow.stream("sales", Item.class)
                    .aggregate(Total.class, count("n"), sum(Item::price, "sum"))
                    .where(Total::n)
                    .gt(1L);
            flow.stream("asks", Item.class)
                    .join(totals, (key, ask, total) -> new Item(ask.name(), (int) total.sum()))
                    .to("out");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("sales", "a", new Item("x", 3))
                    .send("asks", "a", new Item("early", 0))
                    .send("sales", "a", new Item("x", 4))
                    .send("asks", "a", new Item("late", 0));

            assertThat(scenario.read("out", Item.class)).extracting(Row::row).containsExactly(new Item("late", 7));
        }
    }

    @Test
    void aStreamJoinsAFoldDirectly() {
        StreamJob job = flow -> {
            Table<String, Item> latest = flow.stream("sales", Item.class).latest();
            flow.stream("asks", Item.class)
                    .join(latest, (key, ask, item) -> item)
                    .to("out");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("sales", "a", new Item("x", 3)).send("asks", "a", new Item("ask", 0));

            assertThat(scenario.read("out", Item.class)).extracting(Row::row).containsExactly(new Item("x", 3));
        }
    }

    @Test
    void settlePassesOnWhatHasBeenQuietForAWhile() {
        StreamJob job = flow -> flow.stream("in", Item.class)
                .aggregate(Total.class, count("n"), sum(Item::price, "sum"))
                .settle("10s")
                .toTable("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.at("2026-01-01T00:00:00Z").send("in", "a", new Item("x", 1));
            scenario.at("2026-01-01T00:00:05Z").send("in", "a", new Item("x", 1));
            scenario.at("2026-01-01T00:00:10Z").send("in", "b", new Item("x", 1));
            scenario.at("2026-01-01T00:00:30Z").send("in", "c", new Item("x", 1));

            assertThat(scenario.read("out", Total.class))
                    .extracting(row -> row.key() + row.row().n())
                    .containsExactly("a2", "b1");
        }
    }

    private static Basket plus(Basket basket, Item item) {
        List<String> names = new java.util.ArrayList<>(basket.names());
        names.add(item.name());
        return new Basket(basket.price() + item.price(), names);
    }

    private static PlanRefused refusal(StreamJob job) {
        return catchThrowableOfType(PlanRefused.class, () -> Plan.of("j", job));
    }
}

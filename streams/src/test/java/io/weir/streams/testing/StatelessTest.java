package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.streams.dsl.Branches;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// The operators that keep nothing in mind: one claim each, on a whole job.
class StatelessTest {
    record Order(String shop, String item, Integer pieces, Boolean paid) {}

    record Small(String item, Integer pieces) {}

    record Word(String word) {}

    record Wrong(String itm) {}

    record Retyped(String pieces) {}

    record Counted(long n) {}

    private static Order order(String shop, String item, int pieces) {
        return new Order(shop, item, pieces, true);
    }

    @Test
    void flatMapMakesAnyNumberOfRowsWithTheSameKey() {
        StreamJob job = flow -> flow.stream("in", Order.class)
                .flatMap(
                        Word.class,
                        order -> List.of(order.item().split(" ")).stream()
                                .filter(word -> !word.isEmpty())
                                .map(Word::new)
                                .toList())
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "k", order("s", "a b", 1)).send("in", "j", order("s", "", 1));

            assertThat(scenario.read("out", Word.class))
                    .extracting(row -> row.key() + row.row().word())
                    .containsExactly("ka", "kb");
            assertThat(scenario.counts().outByStage()).containsEntry("in.flatMap", 2L);
        }
    }

    @Test
    void aRowOfAFlatMapThatFailsHalfWayLeavesNothingBehind() {
        StreamJob job = flow -> flow.stream("in", Order.class)
                .flatMap(Word.class, order -> java.util.Arrays.asList(new Word(order.item()), null))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "k", order("s", "a", 1));

            assertThat(scenario.read("out", Word.class)).isEmpty();
            assertThat(scenario.dlq())
                    .extracting(letter -> letter.headers().get("weir.stage"))
                    .containsExactly("in.flatMap");
        }
    }

    @Test
    void setExchangesOneColumnAndThePlanShowsIt() {
        StreamJob job = flow -> flow.stream("in", Order.class)
                .set(Order::shop, "all")
                .setFrom(Order::item, Order::shop)
                .named("second")
                .setFrom(Order::pieces, order -> order.pieces() * 2)
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "k", order("s", "a", 3));

            assertThat(scenario.read("out", Order.class)).extracting(Row::row).containsExactly(order("all", "all", 6));
            assertThat(Plan.of("j", job).print())
                    .contains("select shop = 'all', item = item, pieces = pieces, paid = paid as Order#")
                    .contains("select shop = shop, item = shop, pieces = pieces");
        }
    }

    @Test
    void onlyKeepsSomeColumnsOrASmallerRecord() {
        StreamJob job = flow -> {
            Stream<String, Order> orders = flow.stream("in", Order.class);
            orders.only(Small.class).to("small");
            orders.only(Order::item, Order::paid).named("kept").to("kept");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "k", order("s", "a", 3));

            assertThat(scenario.read("small", Small.class)).extracting(Row::row).containsExactly(new Small("a", 3));
            assertThat(scenario.read("kept", Order.class))
                    .extracting(Row::row)
                    .containsExactly(new Order(null, "a", null, true));
        }
    }

    @Test
    void onlyIsCheckedAgainstTheRow() {
        assertThat(refusal(
                        flow -> flow.stream("in", Order.class).only(Wrong.class).to("out")))
                .hasMessage("Stage 'in.only': Order has no component 'itm'. Did you mean 'item'?");
        assertThat(refusal(flow -> flow.stream("in", Order.class)
                                .only(Retyped.class)
                                .to("out"))
                        .rule())
                .isEqualTo("field-type");
        assertThat(refusal(flow -> flow.stream("in", Counted.class).only().to("out"))
                        .rule())
                .isEqualTo("field-type");
        assertThat(refusal(flow -> flow.stream("in", Order.class)
                                .only(order -> order.item())
                                .to("out"))
                        .rule())
                .isEqualTo("not-a-column");
    }

    @Test
    void aBranchGivesEachRowToTheFirstArmThatTakesIt() {
        StreamJob job = flow -> {
            Branches<String, Order> orders = flow.stream("in", Order.class)
                    .branch("large", order -> order.pieces() > 10)
                    .branch("paid", Order::paid)
                    .otherwise("rest");
            orders.arm("large").to("large");
            orders.arm("paid").to("paid");
            orders.arm("rest").to("rest");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "a", order("s", "i", 11))
                    .send("in", "b", order("s", "i", 1))
                    .send("in", "c", new Order("s", "i", 1, false))
                    .send("in", "d", new Order("s", "i", null, false));

            assertThat(scenario.read("large", Order.class)).extracting(Row::key).containsExactly("a");
            assertThat(scenario.read("paid", Order.class)).extracting(Row::key).containsExactly("b");
            assertThat(scenario.read("rest", Order.class)).extracting(Row::key).containsExactly("c");
            assertThat(scenario.dlq())
                    .as("a row that fails in the branch is one dead letter, not one per arm")
                    .extracting(Row::key)
                    .containsExactly("d");
        }
    }

    @Test
    void aBranchWithoutOtherwiseLeavesTheRestOut() {
        StreamJob job = flow -> flow.stream("in", Order.class)
                .branch("paid", Order::paid)
                .arm("paid")
                .to("paid");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "b", order("s", "i", 1)).send("in", "c", new Order("s", "i", 1, false));

            assertThat(scenario.read("paid", Order.class)).extracting(Row::key).containsExactly("b");
            assertThat(scenario.dlq()).isEmpty();
        }
    }

    @Test
    void armsAreNamedOnceAndBeforeTheRest() {
        assertThat(refusal(flow -> flow.stream("in", Order.class)
                                .branch("a", Order::paid)
                                .otherwise("b")
                                .branch("c", Order::paid))
                        .rule())
                .isEqualTo("branch");
        assertThat(refusal(flow -> flow.stream("in", Order.class)
                        .branch("paid", Order::paid)
                        .arm("payd")))
                .hasMessage("Stage 'in.branch': there is no arm 'payd'. Did you mean 'paid'?");
    }

    @Test
    void mergeMakesOneStreamOfSeveral() {
        StreamJob job = flow -> flow.stream("a", Order.class)
                .merge(flow.stream("b", Order.class), flow.stream("c", Order.class))
                .keyBy(Order::shop)
                .window(tumbling("1m").grace("0s"))
                .aggregate(Counted.class, count("n"))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("a", "1", order("s", "x", 1))
                    .send("b", "2", order("s", "y", 1))
                    .send("c", "3", order("s", "z", 1))
                    .closeWindows();

            assertThat(scenario.read("out", Counted.class)).extracting(Row::row).containsExactly(new Counted(3));
        }
    }

    @Test
    void aKeyMayHaveTwoParts() {
        StreamJob job = flow -> flow.stream("in", Order.class)
                .keyBy(Order::shop, Order::pieces)
                .window(tumbling("1m").grace("0s"))
                .aggregate(Counted.class, count("n"))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "k", order("s", "a", 1))
                    .send("in", "k", order("s", "b", 1))
                    .send("in", "k", order("s", "c", 2))
                    .send("in", "k", new Order("s", "d", null, true))
                    .closeWindows();

            assertThat(scenario.read("out", Counted.class))
                    .extracting(row -> row.key().substring(0, 34) + row.row().n())
                    .containsExactly(
                            "{\"key\":{\"first\":\"s\",\"second\":1},\"w2",
                            "{\"key\":{\"first\":\"s\",\"second\":2},\"w1");
            assertThat(scenario.dlq()).hasSize(1);
            assertThat(Plan.of("j", job).print()).contains("key by (shop, pieces), repartitioned");
        }
    }

    @Test
    void anExplanationStandsInThePlanAndItsJson() {
        Plan plan = Plan.of(
                "j",
                flow -> flow.stream("in", Order.class)
                        .where(Order::paid)
                        .explain("unpaid orders may still vanish")
                        .to("out"));

        assertThat(plan.print()).contains("where paid = true -- unpaid orders may still vanish");
        assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
    }

    @Test
    void aPlanIsDrawnAsAFlowchart() {
        Plan plan = Plan.of(
                "j",
                flow -> flow.stream("in", Order.class)
                        .where(Order::shop)
                        .is("a")
                        .window(tumbling("1m").grace("0s").late("in.late"))
                        .aggregate(Counted.class, count("n"))
                        .to("out"));

        assertThat(plan.toMermaid()).isEqualTo("""
            flowchart LR
              s0[("in")]
              s1["in.where<br/>where shop = 'a'"]
              s0 --> s1
              s2["in.where.window<br/>tumbling 1m, grace 0s, late rows to 'in.late': n = count()"]
              s1 --> s2
              s2 -. late .-> s2late[("in.late")]
              s3[("out")]
              s2 --> s3
            """);
    }

    @ParameterizedTest
    @ValueSource(strings = {"flatMap", "select", "merge", "branch", "keyBy"})
    void everyStageSurvivesTheRoundTripThroughJson(String kind) {
        Plan plan = Plan.of("j", flow -> {
            Branches<String, Order> arms = flow.stream("a", Order.class)
                    .merge(flow.stream("b", Order.class))
                    .set(Order::pieces, 5)
                    .branch("paid", Order::paid)
                    .otherwise("rest");
            arms.arm("paid").keyBy(Order::shop, Order::item).to("out");
            arms.arm("rest")
                    .flatMap(Order.class, order -> List.of(order))
                    .only(Order::shop)
                    .to("rest");
        });

        assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
        assertThat(plan.toJson()).contains("\"kind\":\"" + kind + "\"");
    }

    private static PlanRefused refusal(StreamJob job) {
        return catchThrowableOfType(PlanRefused.class, () -> Plan.of("j", job));
    }
}

package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.avg;
import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.max;
import static io.weir.streams.dsl.Aggregate.min;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Table;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/// One claim per operator of the language, each on a whole job.
class OperatorsTest {
    record Click(String user, String type, int amount, Instant at, boolean paid) {}

    record User(String country) {}

    record Named(String user, String country) {}

    record Sums(long n, long total, int least, int greatest, double average) {}

    record Prices(BigDecimal total, BigDecimal average, String first, Double weight) {}

    record Price(BigDecimal price, String name, double kilos) {}

    record Counted(long n) {}

    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

    private static Click click(String user, int amount) {
        return new Click(user, "click", amount, NOON, true);
    }

    @Test
    void aStreamIsCopiedRecordByRecordWithKeyTimeAndOrder() {
        try (StreamScenario scenario =
                scenario(flow -> flow.stream("in", Click.class).to("out"))) {
            scenario.at(NOON).send("in", "k", click("u", 1)).send("in", null, click("u", 2));

            List<Row<Click>> rows = scenario.read("out", Click.class);

            assertThat(rows).extracting(row -> row.row().amount()).containsExactly(1, 2);
            assertThat(rows).extracting(Row::key).containsExactly("k", null);
            assertThat(rows).extracting(Row::time).containsOnly(NOON);
        }
    }

    @Test
    void eventTimeComesFromAColumn() {
        try (StreamScenario scenario = scenario(
                flow -> flow.stream("in", Click.class).eventTime(Click::at).to("out"))) {
            scenario.at("2026-05-05T00:00:00Z").send("in", "k", click("u", 1));

            assertThat(scenario.read("out", Click.class)).extracting(Row::time).containsExactly(NOON);
        }
    }

    @Test
    void whereComparesAColumnWithConstants() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .where(Click::type)
                .is("click")
                .where(Click::amount)
                .gt(1)
                .where(Click::amount)
                .le(5)
                .where(Click::user)
                .in("u", "v")
                .where(Click::type)
                .isNotNull()
                .to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("in", "k", click("u", 1))
                    .send("in", "k", click("u", 2))
                    .send("in", "k", click("v", 5))
                    .send("in", "k", click("v", 6))
                    .send("in", "k", click("w", 3))
                    .send("in", "k", new Click("u", "view", 3, NOON, true))
                    .send("in", "k", new Click("u", null, 4, NOON, true));

            assertThat(scenario.read("out", Click.class))
                    .extracting(row -> row.row().amount())
                    .containsExactly(2, 5);
            assertThat(scenario.dlq()).isEmpty();
        }
    }

    @Test
    void whereTakesAnyConditionAndABooleanColumn() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .where(click -> click.amount() % 2 == 0)
                .where(Click::paid)
                .to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("in", "k", click("u", 1))
                    .send("in", "k", click("u", 2))
                    .send("in", "k", new Click("u", "click", 4, NOON, false));

            assertThat(scenario.read("out", Click.class))
                    .extracting(row -> row.row().amount())
                    .containsExactly(2);
        }
    }

    @Test
    void mapMakesAnotherRowAndKeepsTheKey() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .map(click -> new Counted(click.amount()))
                .to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON).send("in", "k", click("u", 7)).send("in", "k", null);

            List<Row<Counted>> rows = scenario.read("out", Counted.class);

            assertThat(rows).extracting(Row::row).containsExactly(new Counted(7));
            assertThat(rows).extracting(Row::key).containsExactly("k");
        }
    }

    @Test
    void keyByGivesANewKeyAndSendsNullKeysToTheDeadLetters() {
        StreamJob job =
                flow -> flow.stream("in", Click.class).keyBy(Click::user).to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON).send("in", "k", click("u", 1)).send("in", "k", click(null, 2));

            assertThat(scenario.read("out", Click.class)).extracting(Row::key).containsExactly("u");
            assertThat(scenario.dlq())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.headers())
                            .containsEntry("weir.stage", "in.keyBy")
                            .containsEntry("__streams.errors.topic", "in")
                            .containsEntry("__streams.errors.offset", "1"));
        }
    }

    @Test
    void keyedByPassesRecordsWithThatKeyAndRefusesOthers() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .keyedBy(Click::user)
                .window(tumbling("1m").grace("0s"))
                .aggregate(Counted.class, count("n"))
                .to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("in", "u", click("u", 1))
                    .send("in", "other", click("u", 1))
                    .send("in", null, click("u", 1))
                    .closeWindows();

            assertThat(scenario.read("out", Counted.class)).extracting(Row::row).containsExactly(new Counted(1));
            assertThat(scenario.dlq())
                    .extracting(letter -> letter.headers().get("__streams.errors.message"))
                    .allMatch(message -> message.startsWith("Stage 'in.keyedBy': the record key must be 'u', got"))
                    .hasSize(2);
        }
    }

    @Test
    void aTumblingWindowGivesOneFinalPerKeyOnceItHasClosed() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .keyBy(Click::user)
                .window(tumbling("1m").grace("10s"))
                .aggregate(Counted.class, count("n"))
                .to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at("2026-01-01T12:00:10Z").send("in", "k", click("u", 1)).send("in", "k", click("v", 1));
            scenario.at("2026-01-01T12:00:50Z").send("in", "k", click("u", 1));
            scenario.at("2026-01-01T12:01:09.999Z").send("in", "k", click("u", 1));
            assertThat(scenario.read("out", Counted.class)).isEmpty();

            scenario.at("2026-01-01T12:01:10Z").send("in", "k", click("w", 1));

            List<Row<Counted>> rows = scenario.read("out", Counted.class);
            assertThat(rows)
                    .extracting(Row::key)
                    .containsExactly(
                            "{\"key\":\"u\",\"window_start\":\"2026-01-01T12:00:00Z\",\"window_end\":\"2026-01-01T12:01:00Z\"}",
                            "{\"key\":\"v\",\"window_start\":\"2026-01-01T12:00:00Z\",\"window_end\":\"2026-01-01T12:01:00Z\"}");
            assertThat(rows).extracting(Row::row).containsExactly(new Counted(2), new Counted(1));
            assertThat(rows).extracting(Row::time).containsOnly(Instant.parse("2026-01-01T12:00:59.999Z"));
            assertThat(scenario.droppedByStreams()).isZero();
        }
    }

    @Test
    void countSumMinMaxAndAvgFoldIntegers() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(
                        Sums.class,
                        avg(Click::amount, "average"),
                        count("n"),
                        sum(Click::amount, "total"),
                        min(Click::amount, "least"),
                        max(Click::amount, "greatest"))
                .to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("in", "k", click("u", 5))
                    .send("in", "k", click("u", -2))
                    .send("in", "k", click("u", 4))
                    .closeWindows();

            assertThat(scenario.read("out", Sums.class))
                    .extracting(Row::row)
                    .containsExactly(new Sums(3, 7, -2, 5, 7.0 / 3));
        }
    }

    @Test
    void decimalsAddUpExactlyAndNullsAreLeftOut() {
        StreamJob job = flow -> flow.stream("in", Price.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(
                        Prices.class,
                        sum(Price::price, "total"),
                        avg(Price::price, "average"),
                        min(Price::name, "first"),
                        io.weir.streams.dsl.Aggregate.<Price>sum(price -> price.kilos(), "weight")
                                .approximate())
                .to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("in", "k", new Price(new BigDecimal("0.10"), "b", 0.5))
                    .send("in", "k", new Price(new BigDecimal("0.20"), null, 0.25))
                    .send("in", "k", new Price(null, "a", 0.25))
                    .closeWindows();

            assertThat(scenario.read("out", Prices.class))
                    .extracting(Row::row)
                    .containsExactly(new Prices(new BigDecimal("0.30"), new BigDecimal("0.15"), "a", 1.0));
        }
    }

    @Test
    void aSumThatOverflowsSendsTheRecordToTheDeadLettersAndKeepsTheRest() {
        record Big(long amount) {}
        record Total(long total) {}
        StreamJob job = flow -> flow.stream("in", Big.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(Total.class, sum(Big::amount, "total"))
                .to("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("in", "k", new Big(Long.MAX_VALUE))
                    .send("in", "k", new Big(1))
                    .closeWindows();

            assertThat(scenario.read("out", Total.class))
                    .extracting(Row::row)
                    .containsExactly(new Total(Long.MAX_VALUE));
            assertThat(scenario.dlq()).hasSize(1);
        }
    }

    @Test
    void joinAddsTheTablesPresentRowAndLeavesOutTheUnmatched() {
        StreamJob job = flow -> {
            Table<String, User> users = flow.table("users", User.class);
            flow.stream("in", Click.class)
                    .join(users, (key, click, user) -> new Named(click.user(), user.country()))
                    .to("out");
        };
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("users", "u", new User("NO"))
                    .send("in", "u", click("u", 1))
                    .send("in", "x", click("x", 1))
                    .send("users", "u", new User("SE"))
                    .send("in", "u", click("u", 1))
                    .send("users", "u", null)
                    .send("in", "u", click("u", 1));

            assertThat(scenario.read("out", Named.class))
                    .extracting(Row::row)
                    .containsExactly(new Named("u", "NO"), new Named("u", "SE"));
        }
    }

    @Test
    void leftJoinKeepsTheUnmatchedAndRowsWithoutAKey() {
        StreamJob job = flow -> {
            Table<String, User> users = flow.table("users", User.class);
            flow.stream("in", Click.class)
                    .leftJoin(users, (key, click, user) -> new Named(click.user(), user == null ? "?" : user.country()))
                    .to("out");
        };
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON).send("in", "x", click("x", 1)).send("in", null, click("y", 1));

            assertThat(scenario.read("out", Named.class))
                    .extracting(Row::row)
                    .containsExactly(new Named("x", "?"), new Named("y", "?"));
        }
    }

    @Test
    void aWindowedResultJoinsByTheKeyWithinItsWindowWithoutAnotherTopic() {
        StreamJob job = flow -> {
            Table<String, User> users = flow.table("users", User.class);
            flow.stream("in", Click.class)
                    .window(tumbling("1m").grace("0s"))
                    .aggregate(Counted.class, count("n"))
                    .join(users, (user, counted, found) -> new Named(user + counted.n(), found.country()))
                    .to("out");
        };
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("users", "u", new User("NO"))
                    .send("in", "u", click("u", 1))
                    .send("in", "u", click("u", 1))
                    .closeWindows();

            assertThat(scenario.read("out", Named.class)).extracting(Row::row).containsExactly(new Named("u2", "NO"));
        }
    }

    @Test
    void windowedResultsAreFilteredAndMappedLikeRows() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(Counted.class, count("n"))
                .where(Counted::n)
                .ge(2L)
                .map(counted -> new User("n" + counted.n()))
                .toTable("out");
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON)
                    .send("in", "u", click("u", 1))
                    .send("in", "u", click("u", 1))
                    .send("in", "v", click("v", 1))
                    .closeWindows();

            assertThat(scenario.read("out", User.class)).extracting(Row::row).containsExactly(new User("n2"));
        }
    }

    @Test
    void oneStreamFeedsSeveralOperatorsAndSinks() {
        StreamJob job = flow -> {
            var clicks = flow.stream("in", Click.class);
            clicks.to("all");
            clicks.where(Click::amount).gt(1).named("large").to("large");
            clicks.where(Click::amount).le(1).named("small").toTable("small");
        };
        try (StreamScenario scenario = scenario(job)) {
            scenario.at(NOON).send("in", "k", click("u", 1)).send("in", "k", click("u", 2));

            assertThat(scenario.read("all", Click.class)).hasSize(2);
            assertThat(scenario.read("large", Click.class)).hasSize(1);
            assertThat(scenario.read("small", Click.class)).hasSize(1);
        }
    }

    static StreamScenario scenario(StreamJob job) {
        return StreamScenario.of(job);
    }
}

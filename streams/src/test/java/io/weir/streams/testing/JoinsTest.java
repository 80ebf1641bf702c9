package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Window.tumbling;
import static io.weir.streams.dsl.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.streams.dsl.GlobalTable;
import io.weir.streams.dsl.JoinKind;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Table;
import io.weir.streams.dsl.Within;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// What meets what: streams, tables, and tables of other keys.
class JoinsTest {
    record Shown(String ad) {}

    record Clicked(String page) {}

    record Both(String ad, String page) {}

    record User(String name, String country) {}

    record Country(String continent) {}

    record Placed(String name, String continent) {}

    record Counted(long n) {}

    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private static StreamJob ads(JoinKind kind, Within within) {
        return flow -> {
            Stream<String, Shown> shown = flow.stream("shown", Shown.class);
            Stream<String, Clicked> clicked = flow.stream("clicked", Clicked.class);
            Stream<String, Both> both = switch (kind) {
                case INNER -> shown.join(clicked, within, (key, ad, click) -> new Both(ad.ad(), click.page()));
                case LEFT ->
                    shown.leftJoin(
                            clicked,
                            within,
                            (key, ad, click) -> new Both(ad.ad(), click == null ? null : click.page()));
                case OUTER ->
                    shown.outerJoin(
                            clicked,
                            within,
                            (key, ad, click) ->
                                    new Both(ad == null ? null : ad.ad(), click == null ? null : click.page()));
            };
            both.to("out");
        };
    }

    private static void shown(StreamScenario scenario, int second, String ad) {
        scenario.at(START.plusSeconds(second)).send("shown", "k", new Shown(ad));
    }

    private static void clicked(StreamScenario scenario, int second, String page) {
        scenario.at(START.plusSeconds(second)).send("clicked", "k", new Clicked(page));
    }

    private static List<String> pairs(StreamScenario scenario) {
        return scenario.read("out", Both.class).stream()
                .map(row -> row.row().ad() + "+" + row.row().page() + "@"
                        + START.until(row.time(), java.time.temporal.ChronoUnit.SECONDS))
                .toList();
    }

    @Test
    void rowsOfTwoStreamsMeetWhicheverComesFirst() {
        try (StreamScenario scenario =
                StreamScenario.of(ads(JoinKind.INNER, within("10s").grace("1m")))) {
            shown(scenario, 0, "a");
            clicked(scenario, 10, "x");
            clicked(scenario, 11, "y");
            shown(scenario, 21, "b");
            shown(scenario, 5, "c");
            scenario.at(START).send("clicked", "other", new Clicked("z"));
            scenario.closeWindows();

            assertThat(pairs(scenario)).containsExactly("a+x@10", "b+y@21", "c+x@10", "c+y@11");
        }
    }

    @Test
    void aLeftRowWithoutAMatchComesOnceNoneCanComeAnyMore() {
        try (StreamScenario scenario =
                StreamScenario.of(ads(JoinKind.LEFT, within("10s").grace("5s")))) {
            shown(scenario, 0, "a");
            shown(scenario, 1, "b");
            clicked(scenario, 11, "x");
            clicked(scenario, 15, "y");
            assertThat(pairs(scenario)).containsExactly("b+x@11");
            clicked(scenario, 16, "z");

            assertThat(pairs(scenario)).containsExactly("a+null@0");
            scenario.closeWindows();
            assertThat(pairs(scenario)).isEmpty();
        }
    }

    @Test
    void anOuterJoinKeepsTheRowsOfBothSides() {
        try (StreamScenario scenario =
                StreamScenario.of(ads(JoinKind.OUTER, within("10s").grace("0s")))) {
            shown(scenario, 0, "a");
            clicked(scenario, 20, "x");
            scenario.closeWindows();

            assertThat(pairs(scenario)).containsExactly("a+null@0", "null+x@20");
        }
    }

    @Test
    void bothSidesCountEventTimeTogetherAndLateRowsOfBothGoToOneTopic() {
        try (StreamScenario scenario =
                StreamScenario.of(ads(JoinKind.INNER, within("10s").grace("5s").late("late")))) {
            shown(scenario, 60, "a");
            clicked(scenario, 55, "x");
            clicked(scenario, 54, "y");
            shown(scenario, 54, "b");
            scenario.closeWindows();

            assertThat(pairs(scenario)).containsExactly("a+x@60");
            assertThat(scenario.late()).extracting(Row::value).containsExactly("{\"page\":\"y\"}", "{\"ad\":\"b\"}");
            assertThat(scenario.counts().lateByStage()).containsEntry("shown.join", 2L);
            assertThat(scenario.droppedByStreams()).isZero();
        }
    }

    @Test
    void anUnmatchedRowThatFailsIsTheDeadLetterAndNotTheRecordThatCameThen() {
        StreamJob job = flow -> flow.stream("shown", Shown.class)
                .leftJoin(
                        flow.stream("clicked", Clicked.class),
                        within("10s").grace("0s"),
                        (key, ad, click) -> new Both(ad.ad(), click.page()))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            shown(scenario, 0, "a");
            shown(scenario, 60, "b");
            clicked(scenario, 61, "x");

            assertThat(pairs(scenario)).containsExactly("b+x@61");
            assertThat(scenario.dlq())
                    .extracting(letter -> letter.key() + letter.value())
                    .containsExactly("k{\"ad\":\"a\"}");
        }
    }

    @ParameterizedTest
    @EnumSource(JoinKind.class)
    void tablesMoveWhenEitherSideMoves(JoinKind kind) {
        StreamJob job = flow -> {
            Table<String, Shown> shown = flow.table("shown", Shown.class);
            Table<String, Clicked> clicked = flow.table("clicked", Clicked.class);
            Table<String, Both> both = switch (kind) {
                case INNER -> shown.join(clicked, (ad, click) -> new Both(ad.ad(), click.page()));
                case LEFT ->
                    shown.leftJoin(clicked, (ad, click) -> new Both(ad.ad(), click == null ? null : click.page()));
                case OUTER ->
                    shown.outerJoin(
                            clicked,
                            (ad, click) -> new Both(ad == null ? null : ad.ad(), click == null ? null : click.page()));
            };
            both.toTable("out");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            clicked(scenario, 0, "x");
            shown(scenario, 1, "a");
            clicked(scenario, 2, "y");
            scenario.at(START.plusSeconds(3)).send("clicked", "k", null);
            scenario.at(START.plusSeconds(4)).send("shown", "k", null);

            List<String> changes = scenario.read("out", Both.class).stream()
                    .map(row -> row.value() == null
                            ? "-"
                            : row.row().ad() + "+" + row.row().page())
                    .toList();
            assertThat(changes)
                    .isEqualTo(
                            switch (kind) {
                                case INNER -> List.of("a+x", "a+y", "-");
                                case LEFT -> List.of("a+x", "a+y", "a+null", "-");
                                case OUTER -> List.of("null+x", "a+x", "a+y", "a+null", "-");
                            });
        }
    }

    @Test
    void aTableIsJoinedViaAColumn() {
        StreamJob job = flow -> {
            Table<String, User> users = flow.table("users", User.class);
            Table<String, Country> countries = flow.table("countries", Country.class);
            users.joinVia(countries, User::country, (user, country) -> new Placed(user.name(), country.continent()))
                    .toTable("inner");
            users.leftJoinVia(
                            countries,
                            User::country,
                            (user, country) -> new Placed(user.name(), country == null ? "?" : country.continent()))
                    .named("left")
                    .toTable("left");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("users", "u", new User("Ann", "NO"))
                    .send("countries", "NO", new Country("Europe"))
                    .send("users", "v", new User("Bob", "NO"))
                    .send("countries", "NO", new Country("EU"));

            assertThat(scenario.read("inner", Placed.class))
                    .extracting(row -> row.key() + row.row().continent())
                    .containsExactlyInAnyOrder("uEurope", "vEurope", "uEU", "vEU");
            assertThat(scenario.read("left", Placed.class))
                    .extracting(row -> row.key() + row.row().continent())
                    .contains("u?", "uEurope", "vEU");
        }
    }

    @Test
    void aGlobalTableIsLookedUpByAnyColumn() {
        StreamJob job = flow -> {
            GlobalTable<String, Country> countries = flow.global("countries", Country.class);
            Stream<String, User> users = flow.stream("users", User.class);
            users.joinGlobal(
                            countries,
                            User::country,
                            (key, user, country) -> new Placed(user.name(), country.continent()))
                    .to("inner");
            users.leftJoinGlobal(
                            countries,
                            User::country,
                            (key, user, country) ->
                                    new Placed(user.name(), country == null ? "?" : country.continent()))
                    .named("left")
                    .to("left");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("countries", "NO", new Country("Europe"))
                    .send("users", null, new User("Ann", "NO"))
                    .send("users", "x", new User("Bob", "XX"))
                    .send("users", "y", new User("Cy", null));

            assertThat(scenario.read("inner", Placed.class))
                    .extracting(Row::row)
                    .containsExactly(new Placed("Ann", "Europe"));
            assertThat(scenario.read("left", Placed.class))
                    .extracting(row -> row.row().continent())
                    .containsExactly("Europe", "?", "?");
        }
    }

    @Test
    void aTableWithAHistoryGivesTheRowThatWasValidThen() {
        StreamJob job = flow -> {
            Table<String, Country> was = flow.table("countries", Country.class).history("30d");
            flow.stream("users", User.class)
                    .join(was, (key, user, country) -> new Placed(user.name(), country.continent()))
                    .to("out");
            flow.stream("users2", User.class)
                    .window(tumbling("1m").grace("1h"))
                    .aggregate(Counted.class, count("n"))
                    .join(was, (key, counted, country) -> new Placed("n" + counted.n(), country.continent()))
                    .to("windows");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.at(START).send("countries", "k", new Country("old"));
            scenario.at(START.plusSeconds(100)).send("countries", "k", new Country("new"));
            scenario.at(START.plusSeconds(50)).send("users", "k", new User("Ann", "NO"));
            scenario.at(START.plusSeconds(100)).send("users", "k", new User("Bob", "NO"));
            scenario.at(START.minusSeconds(1)).send("users", "k", new User("Cy", "NO"));
            scenario.at(START.plusSeconds(10)).send("users2", "k", new User("Ann", "NO"));
            scenario.closeWindows();

            assertThat(scenario.read("out", Placed.class))
                    .extracting(Row::row)
                    .containsExactly(new Placed("Ann", "old"), new Placed("Bob", "new"));
            assertThat(scenario.read("windows", Placed.class))
                    .extracting(Row::row)
                    .containsExactly(new Placed("n1", "old"));
            assertThat(Plan.of("j", job).print())
                    .contains("table of topic 'countries'")
                    .contains("history 30d");
        }
    }

    @Test
    void aStreamIsNotJoinedWithItself() {
        assertThat(refusal(flow -> {
                    Stream<String, Shown> shown = flow.stream("a", Shown.class);
                    shown.join(shown, within("1s").grace("0s"), (key, one, other) -> one)
                            .to("out");
                }))
                .hasMessageStartingWith("Stage 'a.join': a stream cannot be joined with itself.");
    }

    @Test
    void everyJoinSurvivesTheRoundTripThroughJson() {
        Plan plan = Plan.of("j", flow -> {
            Table<String, User> users = flow.table("users", User.class).history("1d");
            Table<String, Country> countries = flow.table("countries", Country.class);
            GlobalTable<String, Country> all = flow.global("all", Country.class);
            Stream<String, Shown> shown = flow.stream("shown", Shown.class);
            shown.outerJoin(
                            flow.stream("clicked", Clicked.class),
                            within("1m").grace("2s").late("late"),
                            (key, ad, click) -> new Both("", ""))
                    .leftJoin(users, (key, both, user) -> both)
                    .named("withUsers")
                    .joinGlobal(all, Both::ad, (key, both, country) -> both)
                    .to("out");
            users.joinVia(countries, User::country, (user, country) -> user)
                    .leftJoin(countries, (user, country) -> user)
                    .toTable("joined");
        });

        assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
        assertThat(Plan.fromJson(plan.toJson()).print()).isEqualTo(plan.print());
        assertThat(plan.sinks()).containsExactly("late", "out", "joined");
    }

    private static PlanRefused refusal(StreamJob job) {
        return catchThrowableOfType(PlanRefused.class, () -> Plan.of("j", job));
    }
}

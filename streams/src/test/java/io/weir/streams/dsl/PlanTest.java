package io.weir.streams.dsl;

import static io.weir.streams.dsl.Aggregate.avg;
import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.max;
import static io.weir.streams.dsl.Aggregate.min;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.math.BigDecimal;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlanTest {
    record Click(String user, String type, BigDecimal amount, int clicks, double weight, Instant at, Long optional) {}

    record User(String country) {}

    record Sum(long n, BigDecimal total) {}

    record Line(long n, BigDecimal total, String country) {}

    record One(long n) {}

    static final StreamJob REVENUE = flow -> {
        Table<String, User> users = flow.table("users", User.class);
        flow.stream("clicks", Click.class)
                .eventTime(Click::at)
                .where(Click::type)
                .is("click")
                .keyBy(Click::user)
                .window(tumbling("1m").grace("90s").late("clicks.late"))
                .aggregate(Sum.class, count("n"), sum(Click::amount, "total"))
                .join(users, (user, sum, found) -> new Line(sum.n(), sum.total(), found.country()))
                .to("revenue");
    };

    @Test
    void aPlanListsItsStagesWithNamesByOperatorPath() {
        Plan plan = Plan.of("revenue", REVENUE);

        assertThat(plan.stages())
                .extracting(Stage::name)
                .containsExactly(
                        "users",
                        "clicks",
                        "clicks.where",
                        "clicks.where.keyBy",
                        "clicks.where.keyBy.window",
                        "clicks.where.keyBy.window.join",
                        "clicks.where.keyBy.window.join.to.revenue");
        assertThat(plan.sources()).containsExactly("users", "clicks");
        assertThat(plan.sinks()).containsExactly("clicks.late", "revenue");
    }

    @Test
    void aPlanPrintsOneLinePerStage() {
        assertThat(Plan.of("revenue", REVENUE).print().replaceAll("#[0-9a-f]{8}", "#~"))
                .isEqualTo("""
                    job revenue
                      users                                      table of topic 'users': User#~ by String
                      clicks                                     stream of topic 'clicks': Click#~ by String, event time at
                      clicks.where                               where type = 'click'
                      clicks.where.keyBy                         key by user, repartitioned
                      clicks.where.keyBy.window                  tumbling 1m, grace 90s, late rows to 'clicks.late': n = count(), total = sum(amount)
                      clicks.where.keyBy.window.join             join with users to Line#~ by opaque#~
                      clicks.where.keyBy.window.join.to.revenue  write to topic 'revenue'
                    """);
    }

    @Test
    void aPlanReadBackFromJsonIsEqualAndPrintsAlike() {
        Plan plan = Plan.of("revenue", REVENUE);

        Plan back = Plan.fromJson(plan.toJson());

        assertThat(back).isEqualTo(plan);
        assertThat(back.print()).isEqualTo(plan.print());
        assertThat(back.toJson()).isEqualTo(plan.toJson()).startsWith("{\"weir\":\"plan/1\",\"job\":\"revenue\"");
    }

    @Test
    void everyKindOfConstantSurvivesTheRoundTrip() {
        Plan plan = Plan.of(
                "j",
                flow -> flow.stream("in", Click.class)
                        .where(Click::type)
                        .in("a", "b")
                        .where(Click::clicks)
                        .ge(3)
                        .where(Click::amount)
                        .lt(new BigDecimal("1.50"))
                        .where(Click::at)
                        .gt(Instant.EPOCH)
                        .where(Click::optional)
                        .isNull()
                        .where(Click::weight)
                        .isNot(0.5)
                        .to("out"));

        assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
    }

    @Test
    void aPlanFromJsonCannotRun() {
        Plan back = Plan.fromJson(Plan.of("revenue", REVENUE).toJson());
        Stage.Source source = (Stage.Source) back.stages().getFirst();

        assertThatThrownBy(() -> source.type().javaClass())
                .isInstanceOf(PlanRefused.class)
                .hasMessageContaining("holds no code");
    }

    @Test
    void anUnknownMemberInAStoredPlanIsRefused() {
        String json = Plan.of("revenue", REVENUE).toJson();

        assertThat(refusal(() -> Plan.fromJson(json.replace("\"grace\":", "\"grade\":1,\"grace\":"))))
                .hasMessage("Stage 'clicks.where.keyBy.window': unknown member 'grade'. Did you mean 'grace'?")
                .extracting(PlanRefused::rule)
                .isEqualTo("unknown-field");
        assertThat(refusal(() -> Plan.fromJson(json.replace("plan/1", "plan/2")))
                        .rule())
                .isEqualTo("plan-format");
        assertThat(refusal(() -> Plan.fromJson("{")).rule()).isEqualTo("plan-json");
    }

    @Test
    void equalPathsAreRefusedAndNamedTellsThemApart() {
        StreamJob equal = flow -> {
            Stream<String, Click> clicks = flow.stream("clicks", Click.class);
            clicks.where(Click::clicks).gt(1).to("a");
            clicks.where(Click::clicks).gt(2).to("b");
        };
        StreamJob named = flow -> {
            Stream<String, Click> clicks = flow.stream("clicks", Click.class);
            clicks.where(Click::clicks).gt(1).to("a");
            clicks.where(Click::clicks).gt(2).named("many").to("b");
        };

        PlanRefused refused = refusal(() -> Plan.of("j", equal));

        assertThat(refused).hasMessageStartingWith("Stage 'clicks.where': two operators have this path.");
        assertThat(refused.operator()).isEqualTo("clicks.where");
        assertThat(Plan.of("j", named).stages())
                .extracting(Stage::name)
                .containsExactly("clicks", "clicks.where", "clicks.where.to.a", "many", "many.to.b");
    }

    @Test
    void onlyMethodReferencesToComponentsAreInspectable() {
        Plan plan = Plan.of(
                "j",
                flow -> flow.stream("clicks", Click.class)
                        .where(Click::clicks)
                        .gt(1)
                        .where(click -> click.clicks() > 1)
                        .to("out"));

        assertThat(((Stage.Filter) plan.stages().get(1)).expr().inspectable()).isTrue();
        assertThat(((Stage.Filter) plan.stages().get(2)).expr()).isInstanceOf(Opaque.class);
        assertThat(plan.print()).contains("(use a method reference to make it visible)");
    }

    static boolean many(Click click) {
        return click.clicks() > 1;
    }

    @Test
    void aReferenceToAMethodIsNotToldToBecomeOne() {
        String plan = Plan.of(
                        "j",
                        flow -> flow.stream("clicks", Click.class)
                                .where(PlanTest::many)
                                .to("out"))
                .print();

        assertThat(plan).contains("(code of PlanTest::many)").doesNotContain("use a method reference");
    }

    @Test
    void aKeyThatIsKnownIsNotRepartitionedAgainAndOneThatNobodyNeedsNotAtAll() {
        Plan plan = Plan.of("j", flow -> {
            Stream<String, Click> clicks = flow.stream("clicks", Click.class);
            clicks.keyBy(Click::user).to("only-written");
            clicks.keyedBy(Click::user)
                    .where(Click::clicks)
                    .gt(1)
                    .keyBy(Click::user)
                    .window(tumbling("1h").grace("0s"))
                    .aggregate(One.class, count("n"))
                    .to("counted");
        });

        assertThat(plan.stages().stream().filter(Stage.KeyBy.class::isInstance).map(Stage.KeyBy.class::cast))
                .extracting(Stage.KeyBy::repartition)
                .containsExactly(false, false, false);
    }

    @Test
    void aFoldIsCheckedAgainstItsRecord() {
        assertThat(fold(One.class, count("m"))).isEqualTo("unknown-field");
        assertThat(fold(One.class)).isEqualTo("field-missing");
        assertThat(fold(One.class, count("n"), count("n"))).isEqualTo("field-twice");
        assertThat(fold(One.class, sum(Click::weight, "n"))).isEqualTo("fold-type");
        assertThat(fold(One.class, sum(Click::amount, "n"))).isEqualTo("fold-type");
        assertThat(fold(One.class, avg(Click::clicks, "n"))).isEqualTo("fold-type");
        assertThat(fold(One.class, max(Click::type, "n"))).isEqualTo("fold-type");
        assertThat(fold(One.class, min(Click::optional, "n"))).isEqualTo("fold-type");
        assertThat(fold(One.class, min(Click::clicks, "n"))).isEqualTo("accepted");
    }

    @Test
    void eventTimeStandsOnceAndDirectlyAfterTheSource() {
        StreamJob late = flow -> flow.stream("clicks", Click.class)
                .where(Click::clicks)
                .gt(1)
                .eventTime(Click::at)
                .to("out");

        assertThat(refusal(() -> Plan.of("j", late)).rule()).isEqualTo("event-time");
    }

    @Test
    void aJobMustWriteSomethingAndNotWhatItReads() {
        assertThat(refusal(() -> Plan.of("j", flow -> flow.stream("a", Click.class)))
                        .rule())
                .isEqualTo("no-sink");
        assertThat(refusal(() -> Plan.of(
                                "j", flow -> flow.stream("a", Click.class).to("a")))
                        .rule())
                .isEqualTo("loop");
        assertThat(refusal(() -> Plan.of("j", flow -> {
                            flow.stream("a", Click.class).to("b");
                            flow.stream("c", Click.class).where(Click::clicks).gt(1);
                        }))
                        .rule())
                .isEqualTo("unused");
        assertThat(refusal(() -> Plan.of(
                                "j", flow -> flow.stream("a", Click.class).to("j.dlq")))
                        .rule())
                .isEqualTo("dead-letters");
    }

    @Test
    void rowsMustBeRecordsOrPlainValues() {
        assertThat(refusal(() -> Plan.of(
                                "j",
                                flow -> flow.stream("a", java.util.List.class).to("b")))
                        .rule())
                .isEqualTo("row-type");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "h", "1w", "-1h", "1.5h"})
    void aLengthIsANumberAndAUnit(String text) {
        assertThat(refusal(() -> tumbling(text)).rule()).isEqualTo("duration");
    }

    @SafeVarargs
    private static String fold(Class<?> type, Aggregate<Click>... aggregates) {
        StreamJob job = flow -> flow.stream("clicks", Click.class)
                .window(tumbling("1h").grace("0s"))
                .aggregate(type, aggregates)
                .to("out");
        try {
            Plan.of("j", job);
            return "accepted";
        } catch (PlanRefused refused) {
            return refused.rule();
        }
    }

    private static PlanRefused refusal(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return catchThrowableOfType(PlanRefused.class, call);
    }
}

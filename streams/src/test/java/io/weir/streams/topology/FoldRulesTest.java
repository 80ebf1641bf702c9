package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.avg;
import static io.weir.streams.dsl.Aggregate.collect;
import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.countIf;
import static io.weir.streams.dsl.Aggregate.max;
import static io.weir.streams.dsl.Aggregate.sum;
import static io.weir.streams.dsl.Window.hopping;
import static io.weir.streams.dsl.Window.session;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.dsl.Windowed;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// Which plans may be folded from columns, and what is said of the others.
class FoldRulesTest {
    record Click(Instant at, String user, long cents, Integer items, BigDecimal price, double weight, boolean live) {}

    record Count(long n) {}

    record Sum(long n, long cents) {}

    record Refusing(Instant at, String user, long cents) {
        Refusing {
            if (cents < 0) {
                throw new IllegalArgumentException("negative");
            }
        }
    }

    record Doubling(Instant at, String user, long cents) {
        @Override
        public long cents() {
            return 2 * cents;
        }
    }

    record Renamed(
            Instant at, String user, @JsonProperty("amount") long cents) {}

    record Listing(Instant at, String user, List<String> tags) {}

    record Texts(String last) {}

    record Prices(List<Long> prices) {}

    record Weights(Double mean) {}

    @Test
    void conditionsAndKeysThatThePlanSeesBeforeOneTumblingWindowAreFolded() {
        FoldPlan plan = FoldRules.of(plan(flow -> clicks(flow)
                .where(Click::user)
                .in("a", "b's")
                .where(Click::cents)
                .ge(-5L)
                .where(Click::price)
                .lt(new BigDecimal("12.5"))
                .where(Click::at)
                .gt(Instant.parse("2001-01-01T00:00:00.000001Z"))
                .where(Click::live)
                .keyedBy(Click::user)
                .window(tumbling("1m").grace("1m"))
                .aggregate(Sum.class, countIf(Click::live, "n"), sum(Click::cents, "cents"))
                .to("sums")));

        assertThat(plan.steps())
                .extracting(step -> step instanceof FoldPlan.Step.Where where ? where.condition() : "key")
                .containsExactly(
                        "coalesce(m1 IN ('a', 'b''s'), false)",
                        "coalesce(m2 >= CAST(-5 AS BIGINT), false)",
                        "coalesce(m4 < CAST('12.5' AS DECIMAL(18,1)), false)",
                        "coalesce(m0 > CAST(978307200000001 AS BIGINT), false)",
                        "coalesce(m6 = true, false)",
                        "key");
        assertThat(plan.eventTime()).isEqualTo("m0");
    }

    @Test
    void everyOtherPlanIsRefusedWithTheStageAndTheRule() {
        refused("only conditions and keys", flow -> windowed(clicks(flow).map(click -> click)));
        refused("opaque code", flow -> windowed(clicks(flow).where(click -> click.cents() > 1)));
        refused("by order", flow -> windowed(clicks(flow).where(Click::user).gt("m")));
        refused(
                "type DOUBLE",
                flow -> windowed(clicks(flow).where(Click::weight).gt(1.5)));
        refused("another partition", flow -> windowed(clicks(flow).keyBy(Click::user)));
        refused(
                "before the key",
                flow -> windowed(clicks(flow).keyedBy(Click::user).where(Click::live)));
        refused(
                "must be tumbling",
                flow -> clicks(flow)
                        .window(hopping("1m", "10s").grace("1m"))
                        .aggregate(Count.class, count("n"))
                        .to("out"));
        refused(
                "must be tumbling",
                flow -> clicks(flow)
                        .window(session("1m").grace("1m"))
                        .aggregate(Count.class, count("n"))
                        .to("out"));
        refused(
                "'out.late'",
                flow -> clicks(flow)
                        .window(tumbling("1m").grace("1m").late("out.late"))
                        .aggregate(Count.class, count("n"))
                        .to("out"));
        refused("finals", flow -> counted(clicks(flow)).emitUpdates().to("out"));
        refused(
                "straight to topics",
                flow -> counted(clicks(flow)).map(row -> row).to("out"));
        refused(
                "only conditions and keys",
                flow -> clicks(flow).aggregate(Count.class, count("n")).toTable("out"));
        refused("one stage must read it", flow -> {
            Stream<String, Click> clicks = clicks(flow);
            clicks.to("copy");
            windowed(clicks);
        });
        refused("one source", flow -> {
            windowed(clicks(flow));
            flow.stream("others", Click.class).to("copy");
        });
        refused(
                "COLLECT",
                flow -> clicks(flow)
                        .window(tumbling("1m").grace("1m"))
                        .aggregate(Prices.class, collect(3, Click::cents, "prices"))
                        .to("out"));
        refused(
                "numbers and instants",
                flow -> clicks(flow)
                        .window(tumbling("1m").grace("1m"))
                        .aggregate(Texts.class, max(Click::user, "last"))
                        .to("out"));
        refused(
                "APPROXIMATE_AVG",
                flow -> clicks(flow)
                        .window(tumbling("1m").grace("1m"))
                        .aggregate(Weights.class, avg(Click::weight, "mean").approximate())
                        .to("out"));
    }

    @Test
    void rowsThatAreMoreThanTheirComponentsAreRefused() {
        refusedRow(Refusing.class);
        refusedRow(Doubling.class);
        refusedRow(Renamed.class);
        refusedRow(Listing.class);
    }

    private static void refusedRow(Class<?> type) {
        assertThatThrownBy(() -> FoldRules.of(plan(flow -> flow.stream("clicks", type)
                        .window(tumbling("1m").grace("1m"))
                        .aggregate(Count.class, count("n"))
                        .to("out"))))
                .as(type.getSimpleName())
                .isInstanceOf(FoldRefused.class)
                .hasMessageContaining("stage 'clicks'");
    }

    private static void refused(String rule, Consumer<Flow> job) {
        assertThatThrownBy(() -> FoldRules.of(plan(job)))
                .isInstanceOf(FoldRefused.class)
                .hasMessageContaining(rule)
                .hasMessageStartingWith("stage '");
    }

    private static Stream<String, Click> clicks(Flow flow) {
        return flow.stream("clicks", Click.class).eventTime(Click::at);
    }

    private static void windowed(Stream<String, Click> clicks) {
        counted(clicks).to("counts");
    }

    private static Windowed<String, Count> counted(Stream<String, Click> clicks) {
        return clicks.window(tumbling("1m").grace("1m")).aggregate(Count.class, count("n"));
    }

    private static Plan plan(Consumer<Flow> job) {
        return Plan.of("job", (StreamJob) job::accept);
    }
}

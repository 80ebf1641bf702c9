package io.weir.streams.topology;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Within.within;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.StreamJob;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// Where rows lie: what joins need of the topics, and how wide internal topics become.
class PartitionsTest {
    record Row(String a, String b) {}

    record Counted(long n) {}

    private static final Map<String, Integer> TOPICS = Map.of("two", 2, "three", 3, "four", 4);

    @Test
    void bothSidesOfAJoinNeedEquallyManyPartitions() {
        assertThat(refusal(flow -> flow.stream("two", Row.class)
                        .join(flow.stream("three", Row.class), within("1s").grace("0s"), (key, one, other) -> one)
                        .to("out")))
                .hasMessage("Stage 'two.join': both sides need the same number of partitions, got 2 for 'two' and 3 for"
                        + " 'three'. Create one topic with the count of the other, or put keyBy before the join.");
        assertThat(refusal(flow -> flow.table("two", Row.class)
                                .join(flow.table("three", Row.class), (one, other) -> one)
                                .toTable("out"))
                        .rule())
                .isEqualTo("co-partitioning");
        assertThat(refusal(flow -> flow.stream("two", Row.class)
                                .join(flow.table("three", Row.class), (key, one, other) -> one)
                                .to("out"))
                        .rule())
                .isEqualTo("co-partitioning");
    }

    @Test
    void aForeignKeyAndAGlobalTableNeedNoSuchThing() {
        StreamJob job = flow -> {
            flow.table("two", Row.class)
                    .joinVia(flow.table("three", Row.class), Row::b, (one, other) -> one)
                    .toTable("joined");
            flow.stream("four", Row.class)
                    .joinGlobal(flow.global("five", Row.class), Row::a, (key, one, other) -> one)
                    .to("looked-up");
        };

        Map<String, Integer> counts =
                Partitions.of(Plan.of("j", job), Map.of("two", 2, "three", 3, "four", 4, "five", 5));

        assertThat(counts).containsEntry("two.joinVia", 2).containsEntry("four.joinGlobal", 4);
    }

    @Test
    void anInternalTopicIsAsWideAsTheTopicItsRowsAreJoinedWith() {
        Map<String, Integer> counts = Partitions.of(
                Plan.of(
                        "j",
                        flow -> flow.stream("two", Row.class)
                                .keyBy(Row::a)
                                .where(Row::b)
                                .isNotNull()
                                .join(
                                        flow.stream("four", Row.class),
                                        within("1s").grace("0s"),
                                        (key, one, other) -> one)
                                .to("out")),
                TOPICS);

        assertThat(counts).containsEntry("two.keyBy", 4).containsEntry("two.keyBy.where.join.to.out", 4);
    }

    @Test
    void twoInternalTopicsThatMeetAreAsWideAsTheWidestSource() {
        Map<String, Integer> counts = Partitions.of(
                Plan.of(
                        "j",
                        flow -> flow.stream("two", Row.class)
                                .keyBy(Row::a)
                                .join(
                                        flow.stream("three", Row.class)
                                                .keyBy(Row::a)
                                                .aggregate(Counted.class, count("n")),
                                        (key, one, other) -> one)
                                .to("out")),
                TOPICS);

        assertThat(counts).containsEntry("two.keyBy", 3).containsEntry("three.keyBy", 3);
    }

    @Test
    void aMergeBeforeAFoldNeedsAKeyByIfItsInputsDiffer() {
        assertThat(refusal(flow -> flow.stream("two", Row.class)
                                .merge(flow.stream("three", Row.class))
                                .aggregate(Counted.class, count("n"))
                                .toTable("out"))
                        .rule())
                .isEqualTo("co-partitioning");
        assertThat(refusal(flow -> flow.stream("two", Row.class)
                        .merge(flow.stream("three", Row.class))
                        .keyBy(Row::a)
                        .aggregate(Counted.class, count("n"))
                        .toTable("out")))
                .isNull();
    }

    private static PlanRefused refusal(StreamJob job) {
        return catchThrowableOfType(PlanRefused.class, () -> Partitions.of(Plan.of("j", job), TOPICS));
    }
}

package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.weir.streams.dsl.Plan;
import io.weir.streams.dsl.PlanRefused;
import io.weir.streams.dsl.Stream;
import io.weir.streams.dsl.StreamJob;
import io.weir.streams.topology.JobContext;
import io.weir.streams.topology.KafkaStreamsJob;
import io.weir.streams.topology.KafkaStreamsPart;
import java.util.regex.Pattern;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Grouped;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Named;
import org.apache.kafka.streams.kstream.Produced;
import org.junit.jupiter.api.Test;

/// Code on Kafka Streams itself, as a whole job and as a part of a plan.
class KafkaStreamsJobTest {
    record Click(String user, int amount) {}

    record Counted(long n) {}

    /// Counts words, as every introduction to Kafka Streams does.
    static final class WordCount implements KafkaStreamsJob {
        @Override
        public void define(StreamsBuilder builder, JobContext context) {
            builder.stream("lines", Consumed.with(Serdes.String(), Serdes.String()))
                    .flatMapValues(line -> java.util.List.of(line.split(" ", -1)))
                    .mapValues(word -> {
                        if (word.equals("bad")) {
                            throw new IllegalStateException("a bad word");
                        }
                        return word;
                    })
                    .groupBy((key, word) -> word, Grouped.with("words", Serdes.String(), Serdes.String()))
                    .count(Named.as("count"), Materialized.as("counts"))
                    .toStream()
                    .mapValues(String::valueOf)
                    .to(context.output("words"), Produced.with(Serdes.String(), Serdes.String()));
        }
    }

    @Test
    void aWholeJobOnKafkaStreamsRunsAndItsFailuresAreDeadLetters() {
        try (StreamScenario scenario = StreamScenario.of(new WordCount())) {
            scenario.send("lines", null, "a b a").send("lines", null, "bad");

            assertThat(scenario.read("words", String.class))
                    .extracting(row -> row.key() + row.value())
                    .containsExactly("a1", "b1", "a2");
            assertThat(scenario.dlq()).extracting(Row::value).containsExactly("bad");
        }
    }

    @Test
    void itsPlanKnowsItsTopicsAndItsFingerprint() {
        Plan plan = Plan.of("words", new WordCount());

        assertThat(plan.sources()).containsExactly("lines");
        assertThat(plan.sinks()).containsExactly("words");
        assertThat(plan.print()).contains("Kafka Streams code opaque#").contains("reads lines, writes words");
        assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
        assertThat(plan.toMermaid()).contains("[(\"lines\")] --> s0").contains("s0 --> s0out0[(\"words\")]");
    }

    @Test
    void anOutputWrittenByItsNameIsRefused() {
        KafkaStreamsJob literal = (builder, context) -> builder.stream("in").to("out");

        assertThat(refusal(literal))
                .hasMessage("Stage 'kafka-streams': topic 'out' is written by its name, which a version beside the live"
                        + " one must not do. Use to(context.output(\"out\")).");
    }

    @Test
    void aPatternAndAJobWithoutOutputAreRefused() {
        KafkaStreamsJob pattern =
                (builder, context) -> builder.stream(Pattern.compile("in.*")).to(context.output("out"));
        KafkaStreamsJob silent = (builder, context) -> builder.stream("in").foreach((key, value) -> {});

        assertThat(refusal(pattern).rule()).isEqualTo("source-pattern");
        assertThat(refusal(silent).rule()).isEqualTo("no-sink");
    }

    @Test
    void aPartOfAPlanMayBeKafkaStreamsCode() {
        StreamJob job = flow -> {
            Stream<String, Click> clicks = flow.stream("in", Click.class);
            KafkaStreamsPart.in(
                            flow,
                            "doubled",
                            clicks,
                            String.class,
                            Click.class,
                            (builder, in) -> in.mapValues(
                                    click -> new Click(click.user(), 2 * click.amount()), Named.as("doubling")))
                    .where(Click::amount)
                    .gt(2)
                    .keyBy(Click::user)
                    .aggregate(Counted.class, count("n"))
                    .toTable("out");
        };
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.send("in", "k", new Click("u", 1)).send("in", "k", new Click("u", 2));

            assertThat(scenario.read("out", Counted.class)).extracting(Row::row).containsExactly(new Counted(1));
            Plan plan = Plan.of("j", job);
            assertThat(Plan.fromJson(plan.toJson())).isEqualTo(plan);
        }
    }

    private static PlanRefused refusal(StreamJob job) {
        return catchThrowableOfType(PlanRefused.class, () -> Plan.of("j", job));
    }
}

package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.streams.dsl.StreamJob;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.EmitStrategy;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.kstream.TimeWindows;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// When rows are late, where they go, and how that differs from Kafka Streams left to itself.
class LatenessTest {
    record Click(int amount) {}

    record Counted(long n) {}

    private static final StreamJob JOB = flow -> flow.stream("in", Click.class)
            .window(tumbling("1m").grace("10s").late("in.late"))
            .aggregate(Counted.class, count("n"))
            .to("out");

    @TempDir
    Path state;

    @Test
    void aLateRowGoesToTheLateTopicAsItCameAndSaysHowLateItWas() {
        try (StreamScenario scenario = StreamScenario.of(JOB)) {
            scenario.at("2001-01-01T00:00:30Z").send("in", "k", new Click(1));
            scenario.at("2001-01-01T00:01:15Z").send("in", "k", new Click(2));
            scenario.at("2001-01-01T00:00:59Z").send("in", "k", new Click(3));

            Row<String> late = scenario.late().getFirst();

            assertThat(late.key()).isEqualTo("k");
            assertThat(late.value()).isEqualTo("{\"amount\":3}");
            assertThat(late.time()).isEqualTo(Instant.parse("2001-01-01T00:00:59Z"));
            assertThat(late.headers())
                    .containsExactlyInAnyOrderEntriesOf(Map.of(
                            "weir.late.by", "5000",
                            "weir.late.gate", "2001-01-01T00:01:15Z",
                            "weir.late.partition", "0",
                            "weir.late.offset", "2"));
            assertThat(scenario.counts().lateByStage()).containsEntry("in.window", 1L);
            assertThat(scenario.read("out", Counted.class)).extracting(Row::row).containsExactly(new Counted(1));
            assertThat(scenario.droppedByStreams()).isZero();
        }
    }

    @Test
    void withoutALateTopicLateRowsAreCounted() {
        StreamJob job = flow -> flow.stream("in", Click.class)
                .window(tumbling("1m").grace("0s"))
                .aggregate(Counted.class, count("n"))
                .to("out");
        try (StreamScenario scenario = StreamScenario.of(job)) {
            scenario.at("2001-01-01T00:01:00Z").send("in", "k", new Click(2));
            scenario.at("2001-01-01T00:00:59Z").send("in", "k", new Click(3));

            assertThat(scenario.counts().lateByStage()).containsEntry("in.window", 1L);
            assertThat(scenario.dlq()).isEmpty();
        }
    }

    @Test
    void anAbsurdTimeMakesNothingElseLate() {
        try (StreamScenario scenario = StreamScenario.of(JOB)) {
            scenario.at("2001-01-01T00:00:00Z").send("in", "k", new Click(1));
            scenario.sendAs(Instant.parse("9999-01-01T00:00:00Z"), "in", "k", new Click(2));
            scenario.at("2001-01-01T00:00:01Z").send("in", "k", new Click(3)).closeWindows();

            assertThat(scenario.read("out", Counted.class)).extracting(Row::row).containsExactly(new Counted(2));
            assertThat(scenario.dlq())
                    .singleElement()
                    .satisfies(letter -> assertThat(letter.headers().get("__streams.errors.message"))
                            .isEqualTo("Stage 'in': event time must lie between 1970 and tomorrow,"
                                    + " got 9999-01-01T00:00:00Z"));
        }
    }

    @Test
    void inOrderInputGivesWhatUngatedStreamsGives() {
        List<Instant> times = inOrder(7, Duration.ofSeconds(20));

        Map<String, String> ours = ours(times);

        assertThat(plain(times, 10_000_000)).isEqualTo(ours).hasSizeGreaterThan(50);
    }

    /// The reason for a fold of our own: Streams puts the new row first and then looks for windows to
    /// close, in a store that has already forgotten them unless a cache has held the new row back.
    @Test
    void whenTimeLeapsPlainStreamsLosesFinalsThatWeKeep() {
        List<Instant> times = inOrder(7, Duration.ofHours(2));

        Map<String, String> ours = ours(times);
        Map<String, String> plain = plain(times, 0);

        assertThat(ours.keySet()).containsAll(plain.keySet());
        assertThat(plain).hasSizeLessThan(ours.size());
    }

    private static List<Instant> inOrder(long seed, Duration mostBetween) {
        Random random = new Random(seed);
        Instant[] now = {Instant.parse("2001-01-01T00:00:00Z")};
        return java.util.stream.Stream.generate(
                        () -> now[0] = now[0].plusMillis(random.nextLong(mostBetween.toMillis())))
                .limit(500)
                .toList();
    }

    private static Map<String, String> ours(List<Instant> times) {
        try (StreamScenario scenario = StreamScenario.of(JOB)) {
            times.forEach(time -> scenario.at(time).send("in", "k", new Click(1)));
            assertThat(scenario.late()).isEmpty();
            Map<String, String> finals = new TreeMap<>();
            for (Row<Counted> row : scenario.read("out", Counted.class)) {
                finals.put(
                        row.time().plusMillis(1).toString(),
                        String.valueOf(row.row().n()));
            }
            return finals;
        }
    }

    private Map<String, String> plain(List<Instant> times, long cacheBytes) {
        StreamsBuilder builder = new StreamsBuilder();
        builder.stream("in", Consumed.with(Serdes.String(), Serdes.String()))
                .groupByKey()
                .windowedBy(TimeWindows.ofSizeAndGrace(Duration.ofMinutes(1), Duration.ofSeconds(10)))
                .emitStrategy(EmitStrategy.onWindowClose())
                .count(Materialized.with(Serdes.String(), Serdes.Long()))
                .toStream((window, n) -> window.window().endTime().toString())
                .mapValues(String::valueOf)
                .to("out", Produced.with(Serdes.String(), Serdes.String()));
        Properties settings = new Properties();
        settings.put("application.id", "plain");
        settings.put("bootstrap.servers", "127.0.0.1:9");
        settings.put("state.dir", state.toString());
        settings.put("statestore.cache.max.bytes", cacheBytes);
        settings.put("__emit.interval.ms.kstreams.windowed.aggregation__", 0L);
        try (TopologyTestDriver driver = new TopologyTestDriver(builder.build(), settings)) {
            TestInputTopic<String, String> input =
                    driver.createInputTopic("in", new StringSerializer(), new StringSerializer());
            times.forEach(time -> input.pipeInput("k", "{}", time));
            Map<String, String> finals = new TreeMap<>();
            driver.createOutputTopic("out", new StringDeserializer(), new StringDeserializer())
                    .readKeyValuesToList()
                    .forEach(row -> finals.put(row.key, row.value));
            return finals;
        }
    }
}

package io.weir.streams.testing;

import static io.weir.streams.dsl.Aggregate.count;
import static io.weir.streams.dsl.Aggregate.max;
import static io.weir.streams.dsl.Window.tumbling;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.streams.dsl.Flow;
import io.weir.streams.dsl.StreamJob;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/// Slices of history as input of a test.
class HistoryTest {
    record Reading(int value) {}

    record Peak(long readings, int highest) {}

    /// The highest reading of each sensor in four seconds.
    static final class Peaks implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("readings", Reading.class)
                    .window(tumbling("4s").grace("10s"))
                    .aggregate(Peak.class, count("readings"), max(Reading::value, "highest"))
                    .to("peaks");
        }
    }

    /// Leaves out what no sensor can have measured.
    static final class LikelyPeaks implements StreamJob {
        @Override
        public void define(Flow flow) {
            flow.stream("readings", Reading.class)
                    .where(Reading::value)
                    .lt(100)
                    .window(tumbling("4s").grace("10s"))
                    .aggregate(Peak.class, count("readings"), max(Reading::value, "highest"))
                    .to("peaks");
        }
    }

    @Test
    @History(topic = "sensors", source = "memory:readings")
    @History(topic = "readings", source = "memory:readings", to = "1970-01-01T00:00:09Z")
    void aSliceIsInTheOrderOfItsTimeAndKeepsTheOrderOfEachPartition(HistorySlice history) {
        assertThat(history.records())
                .extracting(record ->
                        record.topic() + " " + new String(record.value(), StandardCharsets.UTF_8).replaceAll("\\D", ""))
                .containsExactly(
                        "readings 0",
                        "readings 1",
                        "readings 2",
                        "readings 3",
                        "readings 4",
                        "sensors ",
                        "readings 5",
                        "readings 6",
                        "readings 7",
                        "readings 8",
                        "readings 100");
    }

    @Test
    @History(topic = "readings", source = "memory:readings")
    void aJobReadsASliceToTheEndOfItsWindows(HistorySlice history) {
        try (StreamScenario played = history.play(new Peaks())) {
            assertThat(played.read("peaks", Peak.class))
                    .extracting(Row::row)
                    .containsExactlyInAnyOrder(
                            new Peak(3, 100),
                            new Peak(2, 3),
                            new Peak(2, 6),
                            new Peak(2, 7),
                            new Peak(1, 8),
                            new Peak(1, 9));
        }
    }

    @Test
    @History(topic = "readings", source = "memory:readings")
    void twoVersionsAreComparedKeyByKey(HistorySlice history) {
        HistoryComparison compared = history.compare(new Peaks(), new LikelyPeaks(), "peaks");

        assertThat(compared.equal()).isEqualTo(5);
        assertThat(compared.differences()).singleElement().satisfies(difference -> {
            assertThat(difference.keyColumn("key").asText()).isEqualTo("a");
            assertThat(difference.was("highest").asInt()).isEqualTo(100);
            assertThat(difference.is("highest").asInt()).isEqualTo(2);
            assertThat(difference.onlyDiffersIn("highest")).isFalse();
            assertThat(difference.onlyDiffersIn("highest", "readings")).isTrue();
        });
        compared.requireEqualBut(difference -> difference.was("highest").asInt() >= 100);
        assertThatThrownBy(compared::requireEqual)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("Topic 'peaks': 1 of 6 rows differ")
                .hasMessageContaining("\"highest\":100");
        history.compare(new Peaks(), new Peaks(), "peaks").requireEqual();
    }
}

package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.StoreBackoffTest.MovingClock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/// A record waits for the archive as long as its topic allows, no longer, and is rolled for once.
class FreshnessTest {
    private static final Function<String, Duration> HOUR = topic -> Duration.ofHours(1);

    private final MovingClock clock = new MovingClock();
    private final Instant start = clock.now;
    private final List<String> rolled = new ArrayList<>();
    private boolean mine = true;
    private final Freshness freshness = new Freshness(
            (topic, partition) -> {
                rolled.add(topic + "-" + partition);
                return mine;
            },
            clock);

    private void lookAfter(Duration age, long tieredTo, long end) {
        clock.now = start.plus(age);
        freshness.look(List.of(new PartitionLag("orders", 0, tieredTo, end, 1000, start)), HOUR);
    }

    @Test
    void aSegmentIsClosedOnceItsOldestRecordHasWaitedLongEnough() {
        lookAfter(Duration.ofMinutes(59), 5, 9);
        assertThat(rolled).isEmpty();

        lookAfter(Duration.ofMinutes(60), 5, 9);
        assertThat(rolled).containsExactly("orders-0");
    }

    @Test
    void nothingIsClosedWhereNothingWaits() {
        lookAfter(Duration.ofDays(9), 9, 9);
        assertThat(rolled).isEmpty();
    }

    @Test
    void whatWasClosedIsNotClosedAgainWhileItsCopyIsAwaited() {
        lookAfter(Duration.ofHours(1), 5, 9);
        lookAfter(Duration.ofHours(2), 5, 30);
        lookAfter(Duration.ofHours(3), 7, 30);
        assertThat(rolled).hasSize(1);

        lookAfter(Duration.ofHours(4), 9, 30);
        assertThat(rolled).hasSize(2);
    }

    @Test
    void anotherNodesPartitionIsAskedForAgain() {
        mine = false;
        lookAfter(Duration.ofHours(1), 5, 9);
        mine = true;
        lookAfter(Duration.ofHours(2), 5, 9);
        assertThat(rolled).hasSize(2);
    }

    @Test
    void eachTopicHasItsOwnLimit() {
        clock.now = start.plusSeconds(60);
        freshness.look(
                List.of(new PartitionLag("quick", 1, 0, 1, 1, start), new PartitionLag("slow", 2, 0, 1, 1, start)),
                topic -> topic.equals("quick") ? Duration.ofSeconds(10) : Duration.ofDays(1));
        assertThat(rolled).containsExactly("quick-1");
    }
}

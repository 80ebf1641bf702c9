package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.store.FailingObjectStore;
import io.weir.tiered.store.MemoryObjectStore;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Time;
import org.junit.jupiter.api.Test;

/// A store that fails is asked less and less, and at once again when it answers.
class StoreBackoffTest {
    /// A clock that tests move.
    static final class MovingClock extends Clock {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");

        @Override
        public Instant instant() {
            return now;
        }

        @Override
        public ZoneOffset getZone() {
            return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(java.time.ZoneId zone) {
            return this;
        }
    }

    @Test
    void pausesDoubleUpToTheLongest() {
        StoreBackoff backoff = new StoreBackoff(Time.SYSTEM, Duration.ofSeconds(30));

        List<Long> seconds = new ArrayList<>();
        for (int failures = 0; failures < 8; failures++) {
            seconds.add(backoff.pause(failures).toSeconds());
        }

        assertThat(seconds).containsExactly(1L, 2L, 4L, 8L, 16L, 30L, 30L, 30L);
        assertThat(backoff.pause(Integer.MAX_VALUE)).isEqualTo(Duration.ofSeconds(30));
    }

    @Test
    void nobodyWaitsForAStoreThatAnswers() throws InterruptedException {
        StoreBackoff backoff = new StoreBackoff(Time.SYSTEM, Duration.ofDays(1));
        backoff.awaitTurn();
        backoff.failed();
        backoff.succeeded();
        backoff.awaitTurn();
    }

    @Test
    void theWatchTellsSinceWhenAndAsksLessOften() {
        FailingObjectStore store = new FailingObjectStore(new MemoryObjectStore(), 1, 1);
        MovingClock clock = new MovingClock();
        Instant start = clock.now;
        StoreWatch watch = new StoreWatch(store, "cluster/log", clock, Duration.ofSeconds(30));
        assertThat(watch.state()).isInstanceOf(StoreWatch.Unknown.class);

        for (int second = 0; second <= 60; second++) {
            clock.now = start.plusSeconds(second);
            watch.look();
        }
        // asked at 0, 1, 3, 7, 15, 31 seconds; the next time would be at 61
        assertThat(watch.state()).isInstanceOfSatisfying(StoreWatch.Fails.class, fails -> {
            assertThat(fails.since()).isEqualTo(start);
            assertThat(fails.tries()).isEqualTo(6);
            assertThat(fails.reason()).contains("503");
        });

        store.failureRate = 0;
        clock.now = start.plusSeconds(61);
        watch.look();
        assertThat(watch.state()).isInstanceOf(StoreWatch.Answers.class);
    }
}

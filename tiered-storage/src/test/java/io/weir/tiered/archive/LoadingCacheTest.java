package io.weir.tiered.archive;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class LoadingCacheTest {
    private final Queue<Runnable> waiting = new ArrayDeque<>();
    private final AtomicInteger loads = new AtomicInteger();

    @Test
    void aLoadThatNobodyWaitsForAnyMoreIsFoundDone() throws Exception {
        // Given a reader that gave up
        LoadingCache<String, Long> cache = new LoadingCache<>(100, value -> value, waiting::add);
        CompletableFuture<Long> givenUp = cache.get("a", () -> (long) loads.incrementAndGet());
        assertThat(givenUp).isNotDone();

        // When
        waiting.remove().run();

        // Then
        assertThat(cache.get("a", () -> (long) loads.incrementAndGet()).get()).isEqualTo(1);
        assertThat(loads).hasValue(1);
    }

    @Test
    void theLeastRecentlyUsedGoesWhenTheBoundIsReached() {
        LoadingCache<String, Long> cache = new LoadingCache<>(100, value -> value, Runnable::run);
        cache.get("a", () -> 40L);
        cache.get("b", () -> 40L);
        cache.get("a", () -> 40L);

        cache.get("c", () -> 40L);

        assertThat(cache.contains("a")).isTrue();
        assertThat(cache.contains("b")).isFalse();
        assertThat(cache.heldBytes()).isEqualTo(80);
    }

    @Test
    void aValueLargerThanTheBoundStaysUntilTheNext() {
        LoadingCache<String, Long> cache = new LoadingCache<>(100, value -> value, Runnable::run);

        cache.get("huge", () -> 1000L);
        assertThat(cache.contains("huge")).isTrue();

        cache.get("b", () -> 10L);
        assertThat(cache.contains("huge")).isFalse();
        assertThat(cache.heldBytes()).isEqualTo(10);
    }

    @Test
    void aFailedLoadIsForgotten() throws Exception {
        LoadingCache<String, Long> cache = new LoadingCache<>(100, value -> value, Runnable::run);
        CompletableFuture<Long> failed = cache.get("a", () -> {
            throw new IOException("store is down");
        });

        assertThatThrownBy(failed::get).isInstanceOf(ExecutionException.class).hasRootCauseMessage("store is down");
        assertThat(cache.get("a", () -> 7L).get()).isEqualTo(7);
    }
}

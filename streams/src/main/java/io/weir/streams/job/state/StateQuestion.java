package io.weir.streams.job.state;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What is asked of one store.
///
/// @param key as text; null asks for a range of keys
/// @param fromKey first key of a range, as text; null = from the first
/// @param toKey last key of a range, as text; null = to the last
/// @param fromMillis windows that end after this time
/// @param toMillis windows that begin before this time; of a table with history, the time to look at
/// @param partition the only partition to be asked; negative asks all that are here
/// @param after where the page before ended, as it said; null = from the beginning
/// @param limit most rows of an answer, at least 1
/// @param atLeast the position the store must have reached: offset behind the last record, by `topic-partition`
/// @param stale whether state that is still being restored may answer
public record StateQuestion(
        String store,
        @Nullable String key,
        @Nullable String fromKey,
        @Nullable String toKey,
        long fromMillis,
        long toMillis,
        int partition,
        @Nullable String after,
        int limit,
        Map<String, Long> atLeast,
        boolean stale) {
    public StateQuestion {
        atLeast = Map.copyOf(atLeast);
    }

    /// The same, whatever the position.
    public StateQuestion anywhere() {
        return new StateQuestion(
                store, key, fromKey, toKey, fromMillis, toMillis, partition, after, limit, Map.of(), stale);
    }

    /// The same of one partition.
    public StateQuestion of(int onePartition, @Nullable String behind, int most) {
        return new StateQuestion(
                store, key, fromKey, toKey, fromMillis, toMillis, onePartition, behind, most, atLeast, stale);
    }
}

package io.weir.tiered.archive;

import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Counts in memory.
final class MemoryRewriteCounts implements RewriteCounts {
    private final Map<UUID, Long> counts = new ConcurrentHashMap<>();

    @Override
    public long of(UUID topicId) {
        return counts.getOrDefault(topicId, 0L);
    }

    @Override
    public void increment(UUID topicId) {
        counts.merge(topicId, 1L, Long::sum);
    }
}

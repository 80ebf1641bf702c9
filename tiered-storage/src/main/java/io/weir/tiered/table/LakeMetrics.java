package io.weir.tiered.table;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/// What the committer counts. Safe for use by any thread.
public final class LakeMetrics {
    final LongAdder commits = new LongAdder();
    final LongAdder commitNanos = new LongAdder();
    final LongAdder gapOffsets = new LongAdder();
    final LongAdder failures = new LongAdder();
    final LongAdder compactedFiles = new LongAdder();
    private volatile long erasePending;
    private final Map<String, Long> lagOffsets = new ConcurrentHashMap<>();

    void lag(String topic, long offsets) {
        lagOffsets.put(topic, offsets);
    }

    void forget(String topic) {
        lagOffsets.remove(topic);
    }

    void erasePending(long requests) {
        erasePending = requests;
    }

    /// Small files that became part of larger ones.
    public long compactedFiles() {
        return compactedFiles.sum();
    }

    /// Requests to erase that have not come to their end.
    public long erasePending() {
        return erasePending;
    }

    /// Commits that went in.
    public long commits() {
        return commits.sum();
    }

    /// Time spent in them, with what they had to read.
    public long commitNanos() {
        return commitNanos.sum();
    }

    /// Offsets that the log dropped before they were archived.
    public long gapOffsets() {
        return gapOffsets.sum();
    }

    /// Passes over a topic that failed and are tried again.
    public long failures() {
        return failures.sum();
    }

    /// Archived offsets that are not in their tables yet, over all topics.
    public long lagOffsets() {
        return lagOffsets.values().stream().mapToLong(Long::longValue).sum();
    }
}

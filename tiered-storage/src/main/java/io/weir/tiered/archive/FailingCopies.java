package io.weir.tiered.archive;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// The partitions whose copies fail now, and why. Safe for use by any thread.
public final class FailingCopies {
    /// A broker that still has the partition has tried again by then.
    private static final Duration FORGOTTEN_AFTER = Duration.ofMinutes(15);

    private final Map<String, FailingCopy> byPartition = new ConcurrentHashMap<>();

    FailingCopies() {}

    /// One partition.
    ///
    /// @param since when the first of the failures in a row was
    /// @param last when the last was
    /// @param tries failures in a row
    public record FailingCopy(String topic, int partition, String reason, Instant since, Instant last, int tries) {}

    void failed(String topic, int partition, String reason, Instant now) {
        byPartition.merge(
                topic + "-" + partition,
                new FailingCopy(topic, partition, reason, now, now, 1),
                (known, latest) ->
                        new FailingCopy(topic, partition, reason, known.since(), latest.last(), known.tries() + 1));
    }

    void succeeded(String topic, int partition) {
        byPartition.remove(topic + "-" + partition);
    }

    boolean has(String topic, int partition) {
        return byPartition.containsKey(topic + "-" + partition);
    }

    /// Those that fail now, in order of their names.
    public List<FailingCopy> all(Instant now) {
        byPartition.values().removeIf(copy -> copy.last().plus(FORGOTTEN_AFTER).isBefore(now));
        return byPartition.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .map(Map.Entry::getValue)
                .toList();
    }
}

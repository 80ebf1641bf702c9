package io.weir.streams.topology;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.streams.processor.StateRestoreListener;

/// How many changelog records still have to be read until local state is complete. Thread-safe.
final class RestoreProgress implements StateRestoreListener {
    private final Map<TopicPartition, Long> remaining = new ConcurrentHashMap<>();
    private final Map<TopicPartition, Long> ends = new ConcurrentHashMap<>();

    @Override
    public void onRestoreStart(TopicPartition partition, String store, long startingOffset, long endingOffset) {
        ends.put(partition, endingOffset);
        remaining.put(partition, Math.max(0, endingOffset - startingOffset));
    }

    @Override
    public void onBatchRestored(TopicPartition partition, String store, long batchEndOffset, long count) {
        remaining.put(partition, Math.max(0, ends.getOrDefault(partition, batchEndOffset) - batchEndOffset - 1));
    }

    @Override
    public void onRestoreEnd(TopicPartition partition, String store, long totalRestored) {
        remaining.remove(partition);
        ends.remove(partition);
    }

    @Override
    public void onRestoreSuspended(TopicPartition partition, String store, long totalRestored) {
        onRestoreEnd(partition, store, totalRestored);
    }

    boolean underWay() {
        return !remaining.isEmpty();
    }

    long records() {
        return remaining.values().stream().mapToLong(Long::longValue).sum();
    }
}

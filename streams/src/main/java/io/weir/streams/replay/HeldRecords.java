package io.weir.streams.replay;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.LongPredicate;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.jspecify.annotations.Nullable;

/// Records of one partition that were fetched and may not be delivered yet. Used by one thread.
///
/// A partition's time is the greatest that it has shown: a record that is earlier than its predecessors waits
/// for
/// nobody. With `first` the first held record: `delivered offsets < first.offset < offset after the last`.
final class HeldRecords {
    private static final int MANY = 2_000;
    private static final long LARGE_BYTES = 8L << 20;

    private final RecordTime time;
    private final long beforeMillis;
    private final LongPredicate wanted;
    private long bytes;
    private final Deque<ConsumerRecord<byte[], byte[]>> records = new ArrayDeque<>();
    private long reachedMillis = RecordTime.NONE;
    private long firstMillis = RecordTime.NONE;
    private @Nullable OffsetAndMetadata after;

    /// Whether the position has moved since it was last told.
    private boolean moved;

    /// @param beforeMillis records from this time on are skipped; negative takes all
    /// @param wanted whether a record of an offset is not skipped
    HeldRecords(RecordTime time, long beforeMillis, LongPredicate wanted) {
        this.wanted = wanted;
        this.time = time;
        this.beforeMillis = beforeMillis;
    }

    /// @param notBeforeMillis earlier records are skipped; negative takes all
    void add(List<ConsumerRecord<byte[], byte[]>> fetched, long notBeforeMillis) {
        for (ConsumerRecord<byte[], byte[]> record : fetched) {
            boolean skipped = !wanted.test(record.offset())
                    || (notBeforeMillis >= 0 && isBefore(notBeforeMillis, record))
                    || (beforeMillis >= 0 && time.of(record) >= beforeMillis);
            if (!skipped) {
                records.addLast(record);
                bytes += size(record);
                if (records.size() == 1) {
                    look();
                }
            }
            moved = true;
        }
    }

    private boolean isBefore(long notBeforeMillis, ConsumerRecord<byte[], byte[]> record) {
        long millis = time.of(record);
        return millis != RecordTime.NONE && millis < notBeforeMillis;
    }

    /// The delegate's position behind everything that is held.
    void after(OffsetAndMetadata position) {
        after = position;
        moved = true;
    }

    boolean isEmpty() {
        return records.isEmpty();
    }

    int size() {
        return records.size();
    }

    /// Whether nothing more should be fetched for now.
    boolean enough() {
        return records.size() >= MANY || bytes >= LARGE_BYTES;
    }

    private static long size(ConsumerRecord<byte[], byte[]> record) {
        return (long) Math.max(0, record.serializedKeySize()) + Math.max(0, record.serializedValueSize());
    }

    /// Offset of the first record; only when there is one.
    long firstOffset() {
        return records.getFirst().offset();
    }

    /// Time at which the first record may be delivered; only when there is one.
    long firstMillis() {
        return firstMillis;
    }

    /// The greatest time that was delivered.
    long reachedMillis() {
        return reachedMillis;
    }

    ConsumerRecord<byte[], byte[]> take() {
        ConsumerRecord<byte[], byte[]> taken = records.removeFirst();
        bytes -= size(taken);
        reachedMillis = firstMillis;
        moved = true;
        if (!records.isEmpty()) {
            look();
        }
        return taken;
    }

    /// The position to be told with the next delivery, once per move.
    Optional<OffsetAndMetadata> tellMove() {
        if (!moved) {
            return Optional.empty();
        }
        moved = false;
        if (records.isEmpty()) {
            return Optional.ofNullable(after);
        }
        ConsumerRecord<byte[], byte[]> first = records.getFirst();
        return Optional.of(new OffsetAndMetadata(first.offset(), first.leaderEpoch(), ""));
    }

    private void look() {
        firstMillis = Math.max(reachedMillis, time.of(records.getFirst()));
    }
}

package io.weir.streams.topology;

import io.weir.streams.replay.ColdReadException;
import io.weir.streams.replay.ColdRecords;
import io.weir.streams.replay.ColumnFold;
import io.weir.streams.replay.FoldLimits;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// One partition of a [FoldingReader]. One thread.
///
/// A folded part has one record, at the first offset of its range: until that is processed, a restart begins there
/// again, and with its processing the position moves behind the range.
final class FoldingRecords implements ColdRecords {
    private static final Logger LOG = LoggerFactory.getLogger(FoldingRecords.class);
    private static final byte[] NOTHING = {};

    /// Failures in a row after which the rest comes record by record.
    private static final int MOST_FAILURES = 3;

    private final FoldingReader reader;
    private final TopicPartition partition;
    private final long end;
    private long position;

    /// Below this offset records come as they are.
    private long recordsUntil;

    /// Offsets of the next query.
    private long step;

    /// Offsets that the topology itself has to see, in order, as far as they are known.
    private List<Long> bad = List.of();

    private int failures;
    private @Nullable ColdRecords rows;

    FoldingRecords(FoldingReader reader, TopicPartition partition, long from) {
        this.reader = reader;
        this.partition = partition;
        this.position = from;
        this.recordsUntil = from;
        this.end = reader.endOf(partition);
        this.step = reader.limits().mostOffsets();
    }

    @Override
    public Part next(long bytes) {
        while (position >= recordsUntil && position < end && failures < MOST_FAILURES) {
            Part folded = folded();
            if (folded != null) {
                position = folded.next();
                rows = null;
                return folded;
            }
        }
        return records(bytes);
    }

    private Part records(long bytes) {
        ColdRecords open = rows;
        if (open == null) {
            open = reader.rows().open(partition, position);
            rows = open;
        }
        Part part = open.next(bytes);
        position = part.next();
        return part;
    }

    /// Null when another range has to be tried, or the records themselves.
    private @Nullable Part folded() {
        long to = Math.min(end, position + step);
        for (long offset : bad) {
            if (offset >= position) {
                to = Math.min(to, offset);
                break;
            }
        }
        if (to - position < reader.limits().leastOffsets()) {
            recordsUntil = to + 1;
            return null;
        }
        try {
            return folded(to);
        } catch (ColdReadException | IOException e) {
            failures++;
            recordsUntil = to;
            LOG.warn(
                    "Columns cannot be folded, records are read instead partition={} offset={} cause={}",
                    partition,
                    position,
                    e.getMessage());
            return null;
        }
    }

    private @Nullable Part folded(long to) throws IOException {
        FoldLimits limits = reader.limits();
        ColumnFold.Folded answer = reader.fold()
                .fold(
                        partition,
                        position,
                        to,
                        FoldSql.query(
                                reader.plan(),
                                reader.clock().millis() + EventTime.AHEAD.toMillis(),
                                reader.history().notBeforeMillis(),
                                limits.mostWindows()));
        failures = 0;
        if (answer.next() - position < limits.leastOffsets() || answer.truncated()) {
            return lessThan(answer);
        }
        FoldedRows folded = reader.states().read(answer.pages());
        FoldCounts counts = folded.counts();
        if (!counts.bad().isEmpty()) {
            bad = counts.bad();
            LOG.debug("Records that are not folded partition={} first={}", partition, bad.getFirst());
            return null;
        }
        boolean placed = !reader.plan().placesKeys() || folded.belongTo(partition.partition(), reader.partitions());
        if (!counts.safe() || !placed) {
            recordsUntil = answer.next();
            return null;
        }
        if (folded.windows().size() < limits.mostWindows() / 4) {
            step = Math.min(limits.mostOffsets(), 2 * step);
        }
        return part(folded, answer.next());
    }

    private @Nullable Part lessThan(ColumnFold.Folded answer) {
        long seen = answer.next() - position;
        if (answer.truncated() && seen > reader.limits().leastOffsets()) {
            step = Math.max(reader.limits().leastOffsets(), seen / 2);
            return null;
        }
        // at the end of what is archived, the reader of records knows how to go on
        recordsUntil = Math.max(answer.recordsUntil(), position + 1);
        return null;
    }

    private Part part(FoldedRows folded, long next) {
        FoldCounts counts = folded.counts();
        if (counts.records() == 0) {
            return new Part(List.of(), next, false);
        }
        long bytes = folded.windows().stream()
                .mapToLong(window -> 100L + window.key().length + window.state().length)
                .sum();
        ConsumerRecord<byte[], byte[]> record = new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                position,
                Math.max(0, counts.gateMillis()),
                TimestampType.CREATE_TIME,
                ConsumerRecord.NULL_SIZE,
                (int) Math.min(Integer.MAX_VALUE, bytes / 2),
                null,
                NOTHING,
                FoldedHeader.of(folded),
                Optional.empty());
        return new Part(List.of(record), next, false, counts.records());
    }

    @Override
    public long heldBytes() {
        ColdRecords open = rows;
        return open == null ? 0 : open.heldBytes();
    }

    @Override
    public void release() {
        ColdRecords open = rows;
        if (open != null) {
            open.release();
        }
    }
}

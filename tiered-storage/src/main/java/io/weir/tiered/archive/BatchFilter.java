package io.weir.tiered.archive;

import io.weir.tiered.segment.OffsetSpans;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.MemoryRecords.RecordFilter;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.BufferSupplier;

/// Takes records out of a batch that is stored as it was, the way Kafka's own compaction does: the batch
/// keeps its
/// offsets, its header and the records that stay.
final class BatchFilter extends RecordFilter {
    private final OffsetSpans leaves;
    private final LongConsumer removed;
    private int kept;

    private BatchFilter(OffsetSpans leaves, LongConsumer removed) {
        super(0, 0);
        this.leaves = leaves;
        this.removed = removed;
    }

    /// @param kept records that stay
    @SuppressWarnings("ArrayRecordComponent") // a carrier within the package, never compared
    record Filtered(byte[] batch, int kept) {}

    /// @param removed told the offset of every record that goes
    static Filtered without(byte[] batch, OffsetSpans leaves, LongConsumer removed) {
        BatchFilter filter = new BatchFilter(leaves, removed);
        ByteBuffer room = ByteBuffer.allocate(2 * batch.length + 1024);
        ByteBuffer out = MemoryRecords.readableRecords(ByteBuffer.wrap(batch))
                .filterTo(filter, room, BufferSupplier.NO_CACHING)
                .outputBuffer();
        out.flip();
        byte[] bytes = new byte[out.remaining()];
        out.get(bytes);
        return new Filtered(bytes, filter.kept);
    }

    @Override
    protected BatchRetentionResult checkBatchRetention(RecordBatch batch) {
        return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, false);
    }

    @Override
    protected boolean shouldRetainRecord(RecordBatch batch, Record record) {
        if (leaves.contains(record.offset())) {
            removed.accept(record.offset());
            return false;
        }
        kept++;
        return true;
    }
}

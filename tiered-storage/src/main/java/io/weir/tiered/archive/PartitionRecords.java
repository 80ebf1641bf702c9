package io.weir.tiered.archive;

import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.store.ObjectNotFoundException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.common.utils.Utils;
import org.jspecify.annotations.Nullable;

/// The archived records of one partition from an offset on, in order, as a consumer of committed records sees
/// them. Follows the archive as it grows. One thread; nothing to close.
///
/// A segment is archived only below the last stable offset, so whether a transaction was aborted is known of
/// every batch.
public final class PartitionRecords {
    private final ArchivedRecords archive;
    private final TopicPartition partition;

    /// First offset that was not given yet.
    private long position;

    private @Nullable SegmentChain chain;
    private @Nullable Place place;

    /// A segment that is being read.
    private static final class Place {
        final ColdSegment segment;
        final long endOffset;
        final LatestPages rows = new LatestPages();

        @Nullable
        BatchRebuilder rebuilder;

        int ordinal;
        long lookedAtNanos;

        Place(ColdSegment segment, long endOffset, int ordinal, long lookedAtNanos) {
            this.segment = segment;
            this.endOffset = endOffset;
            this.ordinal = ordinal;
            this.lookedAtNanos = lookedAtNanos;
        }

        BatchRebuilder rebuilder() {
            BatchRebuilder present = rebuilder;
            if (present == null) {
                present = new BatchRebuilder(segment, rows, ServeCompression.NONE);
                rebuilder = present;
            }
            return present;
        }
    }

    /// Some of the records.
    ///
    /// @param records in order; may be empty
    /// @param next offset behind them, and behind what gives none: aborted rows, control batches, gaps
    /// @param last whether the archive has nothing from `next` on: the log itself has it
    public record Part(List<ConsumerRecord<byte[], byte[]>> records, long next, boolean last) {}

    PartitionRecords(ArchivedRecords archive, TopicPartition partition, long from) {
        this.archive = archive;
        this.partition = partition;
        this.position = from;
    }

    /// The next records. After a failure the same ones can be asked for again.
    ///
    /// @param bytes of keys and values, after which the part ends with its batch
    /// @throws NoSuchTopicException there is no such topic
    /// @throws ArchiveUnavailableException the log did not answer
    /// @throws io.weir.tiered.segment.CorruptSegmentException what is stored does not give the batches back
    /// @throws IOException the store did not answer
    public Part next(long bytes) throws IOException {
        try {
            return part(bytes);
        } catch (ObjectNotFoundException e) {
            // retention took the segment, or its rows lie elsewhere by now
            forget();
            return part(bytes);
        }
    }

    private Part part(long bytes) throws IOException {
        boolean whole = false;
        try {
            Place here = place();
            Part part = here == null ? new Part(List.of(), position, true) : read(here, bytes);
            position = part.next();
            whole = true;
            return part;
        } finally {
            if (!whole) {
                forget();
            }
        }
    }

    /// What it holds in memory of the segment it reads.
    public long heldBytes() {
        Place here = place;
        return here == null ? 0 : here.rows.sizeBytes();
    }

    /// Lets go of what it holds; it is read again when it is needed.
    public void release() {
        Place here = place;
        if (here != null) {
            here.rows.release();
            here.rebuilder = null;
        }
    }

    private void forget() {
        chain = null;
        place = null;
    }

    /// Where to read; null when the archive does not have the position as batches of rows.
    private @Nullable Place place() throws IOException {
        Place here = place;
        if (here != null && isFresh(here)) {
            return here;
        }
        place = null;
        Optional<SegmentChain.Link> link = link();
        if (link.isEmpty()) {
            return null;
        }
        ColdSegment segment = archive.segment(link.get());
        if (segment.classic().isPresent()) {
            return null;
        }
        Place opened = new Place(segment, link.get().endOffset(), firstReaching(segment.sidecar()), nanos());
        place = opened;
        return opened;
    }

    /// Whether the segment is still the one in the store: what was erased must not be given for long.
    private boolean isFresh(Place here) throws IOException {
        if (nanos() - here.lookedAtNanos > ColdReader.SIDECARS_LOOKED_AT_AGAIN.toNanos()) {
            if (archive.isReplaced(here.segment)) {
                return false;
            }
            here.lookedAtNanos = nanos();
        }
        return true;
    }

    private Optional<SegmentChain.Link> link() {
        SegmentChain known = chain;
        Optional<SegmentChain.Link> link = known == null ? Optional.empty() : known.at(position);
        if (link.isEmpty()) {
            SegmentChain now = archive.chain(partition).orElse(null);
            chain = now;
            link = now == null ? Optional.empty() : now.at(position);
        }
        return link;
    }

    /// The first batch that ends at the position or later.
    private int firstReaching(Sidecar sidecar) throws IOException {
        int low = 0;
        int high = sidecar.batchCount();
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (lastOffset(sidecar, sidecar.batch(middle)) < position) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    private static long lastOffset(Sidecar sidecar, BatchEntry batch) {
        return sidecar.address().baseOffset() + batch.relBase() + batch.lastOffsetDelta();
    }

    private Part read(Place here, long bytes) throws IOException {
        Sidecar sidecar = here.segment.sidecar();
        List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
        long next = position;
        long taken = 0;
        while (taken < bytes && here.ordinal < sidecar.batchCount()) {
            BatchEntry entry = sidecar.batch(here.ordinal);
            if (isSeen(entry)) {
                taken += take(here.rebuilder().rebuild(here.ordinal), next, records);
            }
            next = Math.max(next, lastOffset(sidecar, entry) + 1);
            here.ordinal++;
        }
        if (here.ordinal == sidecar.batchCount()) {
            next = here.endOffset + 1;
            place = null;
        }
        return new Part(records, next, false);
    }

    /// Whether a consumer of committed records gets anything of it.
    private static boolean isSeen(BatchEntry entry) {
        return !entry.has(BatchEntry.CONTROL) && !entry.has(BatchEntry.ABORTED) && !entry.has(BatchEntry.ERASED_ALL);
    }

    private long take(ByteBuffer bytes, long from, List<ConsumerRecord<byte[], byte[]>> records) {
        long taken = 0;
        for (RecordBatch batch : MemoryRecords.readableRecords(bytes).batches()) {
            batch.ensureValid();
            boolean appendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
            for (Record record : batch) {
                if (record.offset() >= from) {
                    long millis = appendTime ? batch.maxTimestamp() : record.timestamp();
                    ConsumerRecord<byte[], byte[]> made = consumed(batch, record, millis);
                    records.add(made);
                    taken += Math.max(0, made.serializedKeySize()) + (long) Math.max(0, made.serializedValueSize());
                }
            }
        }
        return taken;
    }

    private ConsumerRecord<byte[], byte[]> consumed(RecordBatch batch, Record record, long millis) {
        int epoch = batch.partitionLeaderEpoch();
        return new ConsumerRecord<>(
                partition.topic(),
                partition.partition(),
                record.offset(),
                millis,
                batch.timestampType(),
                record.hasKey() ? record.keySize() : ConsumerRecord.NULL_SIZE,
                record.hasValue() ? record.valueSize() : ConsumerRecord.NULL_SIZE,
                record.hasKey() ? Utils.toArray(record.key()) : null,
                record.hasValue() ? Utils.toArray(record.value()) : null,
                headers(record),
                epoch == RecordBatch.NO_PARTITION_LEADER_EPOCH ? Optional.empty() : Optional.of(epoch));
    }

    /// Kafka's own headers look into the batch when they are asked, and its buffer is used again.
    private static RecordHeaders headers(Record record) {
        Header[] lazy = record.headers();
        if (lazy.length == 0) {
            return new RecordHeaders();
        }
        Header[] whole = new Header[lazy.length];
        for (int i = 0; i < lazy.length; i++) {
            whole[i] = new RecordHeader(lazy[i].key(), lazy[i].value());
        }
        return new RecordHeaders(whole);
    }

    private static long nanos() {
        return Time.SYSTEM.nanoseconds();
    }
}

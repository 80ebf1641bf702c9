package io.weir.tiered.archive;

import io.weir.tiered.parquet.DecodedRows;
import io.weir.tiered.parquet.RowReader;
import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.BatchEnvelope;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.RecordsEncoder;
import io.weir.tiered.segment.Sidecar;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.CompressionType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;
import org.jspecify.annotations.Nullable;

/// Gives batches of one cold segment back as Kafka batches. Every batch is proven by its checksum before a byte
/// of it leaves. One thread; buffers are reused, so a result is valid until the next call.
final class BatchRebuilder implements BatchSource {
    private final ColdSegment segment;
    private final RowGroupSource rowGroups;
    private final ServeCompression serve;
    private final RecordsEncoder records = new RecordsEncoder(64 * 1024);
    private final CRC32C crc = new CRC32C();
    private @Nullable RowReader latest;
    private ByteBuffer out = ByteBuffer.allocate(64 * 1024);

    BatchRebuilder(ColdSegment segment, RowGroupSource rowGroups, ServeCompression serve) {
        this.segment = segment;
        this.rowGroups = rowGroups;
        this.serve = serve;
    }

    @Override
    public ByteBuffer rebuild(int ordinal) throws IOException {
        Sidecar sidecar = segment.sidecar();
        BatchEntry entry = sidecar.batch(ordinal);
        if (entry.has(BatchEntry.ERASED_ALL)) {
            records.reset();
            return assemble(entry, 0, CompressionType.NONE);
        }
        if (entry.has(BatchEntry.VERBATIM)) {
            return ByteBuffer.wrap(sidecar.verbatim(ordinal));
        }
        prove(ordinal, entry);
        CompressionType type = records.size() == 0 ? CompressionType.NONE : serve.typeFor(entry.codec());
        return assemble(entry, entry.count(), type);
    }

    /// Rebuilds the records section and holds it against its checksum; keeps no batch.
    void prove(int ordinal, BatchEntry entry) throws IOException {
        records.reset();
        long base = segment.sidecar().address().baseOffset() + entry.relBase();
        int found = collect(entry, base);
        if (found != entry.count()
                || records.size() != entry.recordsLen()
                || records.crc32c() != entry.recordsCrc32c()) {
            throw new CorruptSegmentException("Sidecar '" + segment.sidecar().name() + "': batch " + ordinal
                    + " (offsets " + base + " to " + (base + entry.lastOffsetDelta())
                    + ") is not given back by its rows: " + found + " of " + entry.count() + " records, "
                    + records.size() + " of " + entry.recordsLen() + " bytes.");
        }
    }

    private int collect(BatchEntry entry, long base) throws IOException {
        long last = base + entry.lastOffsetDelta();
        int found = 0;
        if (entry.count() == 0) {
            return 0;
        }
        for (int i = segment.firstGroupReaching(base); i < segment.rowGroups().size(); i++) {
            ColdSegment.RowGroup group = segment.rowGroups().get(i);
            if (group.listed().firstOffset() > last) {
                break;
            }
            long next = base;
            long reached = Math.min(last, group.listed().lastOffset());
            while (next <= reached) {
                DecodedRows rows = rowGroups.rows(group, next);
                RowReader reader = readerOf(rows);
                for (int row = rows.firstAtOrAfter(next); row < rows.rows() && rows.offset(row) <= last; row++) {
                    long delta = entry.isLogAppendTime() ? 0 : rows.timestampMillis(row) - entry.baseTimestamp();
                    reader.encode(row, (int) (rows.offset(row) - base), delta, records);
                    found++;
                }
                next = rows.offset(rows.rows() - 1) + 1;
            }
        }
        return found;
    }

    /// Batches mostly lie in the row group of the batch before.
    private RowReader readerOf(DecodedRows rows) {
        RowReader known = latest;
        if (known == null || known.rows() != rows) {
            known = rows.reader();
            latest = known;
        }
        return known;
    }

    private ByteBuffer assemble(BatchEntry entry, int count, CompressionType type) throws IOException {
        int room = BatchEnvelope.HEADER_BYTES + records.size() + records.size() / 8 + 1024;
        if (out.capacity() < room) {
            out = ByteBuffer.allocate(Math.max(room, out.capacity() * 2));
        }
        out.clear().position(BatchEnvelope.HEADER_BYTES);
        if (type == CompressionType.NONE) {
            out.put(records.bytes(), 0, records.size());
        } else {
            compress(type);
        }
        int size = out.position();
        header(entry, count, type, size);
        return out.flip();
    }

    private void compress(CompressionType type) throws IOException {
        ByteBufferOutputStream target = new ByteBufferOutputStream(out);
        try (OutputStream packed = Compression.of(type).build().wrapForOutput(target, (byte) 2)) {
            packed.write(records.bytes(), 0, records.size());
        }
        out = target.buffer();
    }

    private void header(BatchEntry entry, int count, CompressionType type, int size) {
        int attributes = (entry.attributes() & ~0x07) | type.id;
        out.putLong(0, segment.sidecar().address().baseOffset() + entry.relBase());
        out.putInt(8, size - BatchEnvelope.LENGTH_OVERHEAD);
        out.putInt(12, entry.leaderEpoch());
        out.put(16, entry.magic());
        out.putShort(21, (short) attributes);
        out.putInt(23, entry.lastOffsetDelta());
        out.putLong(27, entry.baseTimestamp());
        out.putLong(35, entry.maxTimestamp());
        out.putLong(43, entry.producerId());
        out.putShort(51, entry.producerEpoch());
        out.putInt(53, entry.baseSequence());
        out.putInt(57, count);
        crc.reset();
        crc.update(out.slice(BatchEnvelope.CRC_FROM, size - BatchEnvelope.CRC_FROM));
        out.putInt(17, (int) crc.getValue());
    }
}

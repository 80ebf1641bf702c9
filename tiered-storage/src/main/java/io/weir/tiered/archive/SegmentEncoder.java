package io.weir.tiered.archive;

import io.weir.tiered.parquet.PageCodec;
import io.weir.tiered.parquet.RecordFileWriter;
import io.weir.tiered.segment.AbortedTransactions;
import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.BatchEnvelope;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.LogSegmentFile;
import io.weir.tiered.segment.RecordCursor;
import io.weir.tiered.segment.RecordsEncoder;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.segment.SidecarWriter;
import io.weir.tiered.shape.Shredder;
import io.weir.tiered.shape.TopicColumns;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/// Turns the batches of one local segment into rows of a data file and entries of a sidecar, one batch in memory
/// at a time. Each batch becomes one of three things: rows that give it back exactly; stored bytes beside rows,
/// when the rows would not give it back; or stored bytes alone (control, aborted, unreadable). Used once, by one
/// thread.
final class SegmentEncoder {
    private final SegmentAddress address;
    private final SidecarWriter sidecar;
    private final RecordFileWriter rows;
    private final AbortedTransactions aborted;
    private final Set<Integer> forcedVerbatim;
    private final RecordsSection section = new RecordsSection();
    private final RecordCursor cursor = new RecordCursor();
    private final RecordsEncoder normalised = new RecordsEncoder(64 * 1024);
    private final CRC32C crc = new CRC32C();
    private final Map<String, Integer> verbatimReasons = new HashMap<>();
    private long nextOffset;
    private boolean timestampsNormalised;

    /// @param forcedVerbatim ordinals that an earlier try could not rebuild
    SegmentEncoder(
            SegmentAddress address,
            SidecarWriter sidecar,
            RecordFileWriter rows,
            AbortedTransactions aborted,
            Set<Integer> forcedVerbatim) {
        this.address = address;
        this.sidecar = sidecar;
        this.rows = rows;
        this.aborted = aborted;
        this.forcedVerbatim = forcedVerbatim;
        this.nextOffset = address.baseOffset();
    }

    static RecordFileWriter rowsInto(Path file, ArchiveSettings settings, TopicColumns topic, Shredder shredder)
            throws IOException {
        return RecordFileWriter.create(file, PageCodec.ZSTD, settings.rowGroupBytes(), topic, shredder);
    }

    /// Reads the segment to its end.
    void encode(LogSegmentFile segment) throws IOException {
        while (segment.next()) {
            encode(segment.envelope(), segment.bytes());
        }
    }

    /// Closes the data file; empty when there are no rows.
    Optional<DataFile> finishRows() throws IOException {
        DataFile file = rows.finish();
        return file.rows() == 0 ? Optional.empty() : Optional.of(file);
    }

    Map<String, Integer> verbatimReasons() {
        return verbatimReasons;
    }

    private void encode(BatchEnvelope envelope, byte[] batch) throws IOException {
        if (envelope.magic() != 2) {
            verbatim(envelope, batch, BatchEntry.UNREADABLE, "magic");
        } else if (checksum(batch, BatchEnvelope.CRC_FROM, envelope.sizeInBytes()) != envelope.crc()) {
            verbatim(envelope, batch, BatchEntry.UNREADABLE, "local-checksum");
        } else if (envelope.isControl()) {
            verbatim(envelope, batch, BatchEntry.CONTROL, "control");
        } else if (aborted.contains(envelope)) {
            verbatim(envelope, batch, BatchEntry.ABORTED, "aborted");
        } else {
            data(envelope, batch);
        }
        nextOffset = Math.max(nextOffset, envelope.lastOffset() + 1);
    }

    private void data(BatchEnvelope envelope, byte[] batch) throws IOException {
        String closed = section.open(envelope, batch);
        if (closed != null) {
            verbatim(envelope, batch, BatchEntry.UNREADABLE, closed);
            return;
        }
        String unprovable = forcedVerbatim.contains(sidecar.batches()) ? "unproven" : check(envelope, true);
        if (unprovable == null) {
            exact(envelope);
        } else if (check(envelope, false) == null) {
            verbatim(envelope, batch, 0, unprovable);
            writeRows(envelope, false);
        } else {
            verbatim(envelope, batch, BatchEntry.UNREADABLE, unprovable);
        }
    }

    /// Walks the records without keeping them. Strict: could rows give back this very section?
    ///
    /// @return what stands against it, or null
    private @Nullable String check(BatchEnvelope envelope, boolean strict) {
        boolean appendTime = envelope.isLogAppendTime();
        timestampsNormalised = false;
        start(strict);
        if (strict && appendTime && !RecordFileWriter.storable(envelope.maxTimestamp())) {
            return "timestamp";
        }
        if (envelope.baseOffset() < nextOffset) {
            return "offset-order";
        }
        int count = 0;
        int previous = -1;
        while (cursor.next()) {
            int delta = cursor.offsetDelta();
            if (delta <= previous || delta > envelope.lastOffsetDelta()) {
                return "offset-order";
            }
            if (strict && !appendTime && !RecordFileWriter.storable(timestamp(envelope))) {
                return "timestamp";
            }
            timestampsNormalised |= appendTime && cursor.timestampDelta() != 0;
            previous = delta;
            count++;
        }
        String defect = cursor.defect();
        if (defect != null) {
            return "not-canonical";
        }
        return count == envelope.count() ? null : "record-count";
    }

    private void start(boolean strict) {
        if (strict) {
            cursor.reset(section.bytes(), section.from(), section.to());
        } else {
            cursor.resetLenient(section.bytes(), section.from(), section.to());
        }
    }

    private void exact(BatchEnvelope envelope) throws IOException {
        int flags = 0;
        int length = section.to() - section.from();
        int sum = checksum(section.bytes(), section.from(), section.to());
        if (timestampsNormalised) {
            flags = BatchEntry.TS_NORMALISED;
            normalised.reset();
            start(true);
            while (cursor.next()) {
                normalised.add(cursor, 0);
            }
            length = normalised.size();
            sum = normalised.crc32c();
        }
        sidecar.batch(BatchEntry.of(envelope, address.baseOffset(), flags, length, sum));
        writeRows(envelope, true);
    }

    private void writeRows(BatchEnvelope envelope, boolean strict) throws IOException {
        start(strict);
        while (cursor.next()) {
            rows.write(address.partition(), envelope.baseOffset() + cursor.offsetDelta(), timestamp(envelope), cursor);
        }
    }

    /// What a Kafka consumer would show.
    private long timestamp(BatchEnvelope envelope) {
        return envelope.isLogAppendTime()
                ? envelope.maxTimestamp()
                : envelope.baseTimestamp() + cursor.timestampDelta();
    }

    private void verbatim(BatchEnvelope envelope, byte[] batch, int flags, String reason) throws IOException {
        int size = envelope.sizeInBytes();
        BatchEntry entry = BatchEntry.of(
                envelope, address.baseOffset(), BatchEntry.VERBATIM | flags, -1, checksum(batch, 0, size));
        sidecar.verbatim(entry, batch, size);
        verbatimReasons.merge(reason, 1, Integer::sum);
    }

    private int checksum(byte[] bytes, int from, int to) {
        crc.reset();
        crc.update(bytes, from, to - from);
        return (int) crc.getValue();
    }
}

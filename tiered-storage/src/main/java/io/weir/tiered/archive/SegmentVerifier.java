package io.weir.tiered.archive;

import io.weir.tiered.archive.VerifiedRecord.Source;
import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.ClassicObject;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.Erasures;
import io.weir.tiered.segment.RangeSource;
import io.weir.tiered.segment.SectionType;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.jspecify.annotations.Nullable;

/// Holds the objects of one segment against each other and, where it still exists, against the local log.
/// Reads the
/// store itself, never a cache. One thread.
final class SegmentVerifier {
    private final ObjectStore store;
    private final ArchiveLayout layout;
    private final LocalLog local;
    private final VerifyLevel level;
    private final List<Finding> findings = new ArrayList<>();
    private long records;
    private long comparedRecords;

    SegmentVerifier(ObjectStore store, ArchiveLayout layout, LocalLog local, VerifyLevel level) {
        this.store = store;
        this.layout = layout;
        this.local = local;
        this.level = level;
    }

    List<Finding> findings() {
        return findings;
    }

    /// Records in the batches looked at.
    long records() {
        return records;
    }

    /// Records held against the local log.
    long comparedRecords() {
        return comparedRecords;
    }

    /// @throws IOException the store did not answer: nothing is said about the segment
    void verify(KnownSegment segment) throws IOException {
        String path = layout.sidecar(segment.address());
        String object = store.describe(path);
        try {
            RangeSource source = (position, length) -> store.read(path, position, length);
            Sidecar sidecar = Sidecar.open(object, source, store.length(path));
            if (!sidecar.address().equals(segment.address())) {
                find(
                        segment,
                        object,
                        "must belong to " + segment.address().describe() + ", belongs to "
                                + sidecar.address().describe() + ".");
                return;
            }
            belongs(segment, sidecar, object);
            Optional<byte[]> classic = sidecar.section(SectionType.CLASSIC);
            if (classic.isPresent()) {
                classic(segment, ClassicObject.read(classic.get(), object));
            } else if (files(segment, sidecar) && level != VerifyLevel.META) {
                batches(segment, sidecar, object);
            }
        } catch (ObjectNotFoundException e) {
            find(segment, object, "the sidecar must exist, does not.");
        } catch (CorruptSegmentException e) {
            find(segment, object, String.valueOf(e.getMessage()));
        }
    }

    private void belongs(KnownSegment segment, Sidecar sidecar, String object) {
        if (sidecar.origin().endOffset() != segment.endOffset()) {
            find(
                    segment,
                    object,
                    "must end with offset " + segment.endOffset() + ", ends with "
                            + sidecar.origin().endOffset() + ".");
        }
        if (sidecar.generation() == 0 && segment.copied().isPresent()) {
            CustomMetadata copied = segment.copied().get();
            if (copied.sidecarBytes() != (int) sidecar.lengthBytes()
                    || copied.footerCrc32c() != sidecar.footerCrc32c()) {
                find(segment, object, "must be the sidecar that was copied; its length or checksum differ.");
            }
        }
    }

    /// @return whether the rows can be looked at
    private boolean files(KnownSegment segment, Sidecar sidecar) throws IOException {
        boolean complete = true;
        for (DataFile file : sidecar.files()) {
            String path = layout.listed(file.path());
            try {
                long stored = store.length(path);
                if (stored != file.lengthBytes()) {
                    complete = false;
                    find(segment, file, "must have " + file.lengthBytes() + " bytes, has " + stored + ".");
                }
            } catch (ObjectNotFoundException e) {
                complete = false;
                find(segment, file, "must exist, does not.");
            }
        }
        return complete;
    }

    private void batches(KnownSegment segment, Sidecar sidecar, String object) throws IOException {
        ColdSegment cold = ColdSegment.open(sidecar, listed -> {
            String path = layout.listed(listed);
            return (position, length) -> store.read(path, position, length);
        });
        BatchRebuilder rebuilder = new BatchRebuilder(cold, new LatestRowGroup(), ServeCompression.NONE);
        long rowsExpected = 0;
        try (Source truth = truth(segment).orElse(null)) {
            Comparison comparison = truth == null ? null : new Comparison(segment, object, truth, sidecar.erasures());
            for (int ordinal = 0; ordinal < sidecar.batchCount(); ordinal++) {
                BatchEntry entry = sidecar.batch(ordinal);
                rowsExpected += entry.hasRows() ? entry.count() : 0;
                records += entry.count();
                batch(segment, object, rebuilder, ordinal, entry, comparison);
            }
            if (comparison != null) {
                comparison.end();
            }
        }
        long rows = cold.rows();
        if (rows != rowsExpected) {
            find(segment, object, "its files must hold " + rowsExpected + " rows, hold " + rows + ".");
        }
    }

    private void classic(KnownSegment segment, ClassicObject classic) throws IOException {
        String path = layout.classic(segment.address());
        String object = store.describe(path);
        try {
            long stored = store.length(path);
            if (stored != classic.lengthBytes()) {
                find(segment, object, "must have " + classic.lengthBytes() + " bytes, has " + stored + ".");
            } else if (level != VerifyLevel.META) {
                classicBatches(segment, classic, path);
            }
        } catch (ObjectNotFoundException e) {
            find(segment, object, "must exist, does not.");
        } catch (CorruptSegmentException e) {
            find(segment, object, String.valueOf(e.getMessage()));
        }
    }

    private void classicBatches(KnownSegment segment, ClassicObject classic, String path) throws IOException {
        String object = store.describe(path);
        ClassicBatches batches = new ClassicBatches(
                classic,
                number -> classic.proven(
                        number, store.read(path, classic.positionOf(number), classic.lengthOf(number)), object));
        try (Source truth = truth(segment).orElse(null)) {
            Comparison comparison = truth == null ? null : new Comparison(segment, object, truth, Erasures.NONE);
            for (ByteBuffer batch = batches.next(); batch != null; batch = batches.next()) {
                for (RecordBatch each : MemoryRecords.readableRecords(batch).batches()) {
                    records += each.countOrNull() == null ? 0 : each.countOrNull();
                }
                if (comparison != null) {
                    comparison.batch(batch);
                }
            }
            if (comparison != null) {
                comparison.end();
            }
        }
    }

    private Optional<Source> truth(KnownSegment segment) {
        return level == VerifyLevel.DEEP
                ? local.records(
                        segment.topic(),
                        segment.address().partition(),
                        segment.address().baseOffset(),
                        segment.endOffset())
                : Optional.empty();
    }

    private void batch(
            KnownSegment segment,
            String object,
            BatchRebuilder rebuilder,
            int ordinal,
            BatchEntry entry,
            @Nullable Comparison comparison)
            throws IOException {
        long base = segment.address().baseOffset() + entry.relBase();
        try {
            ByteBuffer rebuilt = rebuilder.rebuild(ordinal);
            if (comparison != null && entry.has(BatchEntry.UNREADABLE)) {
                comparison.skip();
            } else if (comparison != null) {
                comparison.batch(rebuilt);
            }
        } catch (CorruptSegmentException e) {
            findings.add(new Finding(
                    object,
                    segment.topic(),
                    segment.address().partition(),
                    base,
                    base + entry.lastOffsetDelta(),
                    "batch " + ordinal + ": " + e.getMessage()));
            if (comparison != null) {
                comparison.skip();
            }
        }
    }

    private void find(KnownSegment segment, String object, String problem) {
        findings.add(new Finding(
                object,
                segment.topic(),
                segment.address().partition(),
                segment.address().baseOffset(),
                segment.endOffset(),
                problem));
    }

    private void find(KnownSegment segment, DataFile file, String problem) {
        findings.add(new Finding(
                store.describe(layout.listed(file.path())),
                segment.topic(),
                segment.address().partition(),
                file.firstOffset(),
                file.lastOffset(),
                problem));
    }

    /// Walks the local log beside the rebuilt batches. Control batches are no records on either side.
    private final class Comparison {
        private final KnownSegment segment;
        private final String object;
        private final Source truth;
        private final Erasures erased;
        private @Nullable VerifiedRecord expected;
        private boolean differs;
        private boolean skipping;

        Comparison(KnownSegment segment, String object, Source truth, Erasures erased) {
            this.segment = segment;
            this.object = object;
            this.truth = truth;
            this.erased = erased;
            this.expected = expected();
        }

        /// What was erased may still be in the local log for a while: it is not missed.
        private @Nullable VerifiedRecord expected() {
            VerifiedRecord next = truth.next();
            while (next != null && erased.contains(next.offset())) {
                next = truth.next();
            }
            return next;
        }

        void batch(ByteBuffer rebuilt) {
            for (RecordBatch batch : MemoryRecords.readableRecords(rebuilt).batches()) {
                if (batch.isControlBatch()) {
                    continue;
                }
                boolean appendTime = batch.timestampType() == TimestampType.LOG_APPEND_TIME;
                for (Record record : batch) {
                    if (record.offset() >= truth.firstOffset()) {
                        compare(VerifiedRecord.of(record, appendTime ? batch.maxTimestamp() : record.timestamp()));
                    }
                }
            }
        }

        private void compare(VerifiedRecord archived) {
            comparedRecords++;
            if (skipping) {
                skipping = false;
                skipTo(archived.offset());
            }
            if (!archived.equals(expected)) {
                differ(
                        archived.offset(),
                        "differs from the local log, which has "
                                + (expected == null ? "no record there." : "offset " + expected.offset() + "."));
                skipTo(archived.offset() + 1);
            } else {
                expected = expected();
            }
        }

        /// A batch that cannot be compared: the local log is passed over up to the next one that can.
        void skip() {
            skipping = true;
        }

        private void skipTo(long offset) {
            while (expected != null && expected.offset() < offset) {
                expected = expected();
            }
        }

        void end() {
            if (expected != null && !skipping) {
                differ(expected.offset(), "is missing; the local log has it.");
            }
        }

        /// One per segment: what follows the first difference is most often its consequence.
        private void differ(long offset, String problem) {
            if (!differs) {
                differs = true;
                findings.add(new Finding(
                        object,
                        segment.topic(),
                        segment.address().partition(),
                        offset,
                        segment.endOffset(),
                        "record " + offset + " " + problem));
            }
        }
    }
}

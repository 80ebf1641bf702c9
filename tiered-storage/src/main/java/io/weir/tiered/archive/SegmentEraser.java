package io.weir.tiered.archive;

import io.weir.tiered.segment.BatchEntry;
import io.weir.tiered.segment.BatchEnvelope;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.Erasures;
import io.weir.tiered.segment.OffsetSpans;
import io.weir.tiered.segment.Origin;
import io.weir.tiered.segment.RecordCursor;
import io.weir.tiered.segment.RecordsEncoder;
import io.weir.tiered.segment.SectionType;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.segment.SidecarWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;

/// Takes records out of archived segments, for one request. A batch keeps its number, its offsets and its
/// header; the
/// records that stay keep every byte, and are proven from the new files before the sidecar is replaced by one
/// put. A
/// batch of which nothing is left is served as an empty one over the same offsets, so that no consumer waits
/// for it.
///
/// Done again it finds what is done. One thread.
public final class SegmentEraser {
    private static final List<SectionType> KEPT =
            List.of(SectionType.TIME, SectionType.TXN, SectionType.EPOCHS, SectionType.SNAPSHOT);

    private final SegmentRewrites rewrites;
    private final UUID request;
    private final long timeMillis;
    private final ErasedFiles files;
    private long records;
    private long segments;
    private long unreadableBatches;

    SegmentEraser(SegmentRewrites rewrites, ArchiveLayout layout, UUID request, long timeMillis) {
        this.rewrites = rewrites;
        this.request = request;
        this.timeMillis = timeMillis;
        this.files = new ErasedFiles(rewrites, layout, request);
    }

    /// Records taken away so far, those that a former run has taken away included.
    public long records() {
        return records;
    }

    /// Segments they were in.
    public long segments() {
        return segments;
    }

    /// Batches among the offsets that nobody can read, such as those of old formats: they stay as they are.
    public long unreadableBatches() {
        return unreadableBatches;
    }

    /// Paths of the data files that have lost rows in this run, relative to the cluster's folder.
    public Set<String> replacedFiles() {
        return files.replaced().keySet();
    }

    /// Begins the name of the file that takes another's place.
    ///
    /// @param path relative to the cluster's folder
    public String stem(String path) {
        return ErasedFiles.stem(path, request);
    }

    /// @param spans offsets of the segment's partition that go, also those of other segments
    /// @throws IOException the store did not answer: nothing has changed, or all of it
    public void erase(SegmentAddress segment, OffsetSpans spans) throws IOException {
        Sidecar former = rewrites.sidecar(segment);
        Erasures before = former.erasures();
        for (Erasures.Erasure done : before.requests()) {
            if (done.id().equals(request)) {
                count(done.offsets());
                relist(former, spans);
                return;
            }
        }
        if (former.section(SectionType.CLASSIC).isPresent()) {
            throw new IllegalStateException("Archive, " + segment.describe()
                    + ": is stored as it is (lake.mode=classic), records cannot be taken out of it.");
        }
        OffsetSpans wanted = spans.within(segment.baseOffset(), former.origin().endOffset());
        if (wanted.isEmpty() || !erase(former, before, wanted, spans)) {
            relist(former, spans);
        }
    }

    /// A segment that loses nothing may share a file with one that does: nobody may need the file of before.
    private void relist(Sidecar former, OffsetSpans spans) throws IOException {
        Map<String, DataFile> now = new HashMap<>();
        for (DataFile file : former.files()) {
            files.without(file, spans)
                    .filter(other -> !other.path().equals(file.path()))
                    .ifPresent(other -> now.put(file.path(), other));
        }
        if (!now.isEmpty()) {
            boolean unused = rewrites.relist(former.address(), now);
        }
    }

    private void count(OffsetSpans offsets) {
        records += offsets.count();
        segments += offsets.isEmpty() ? 0 : 1;
    }

    /// @return false when the segment has no record at these offsets
    private boolean erase(Sidecar former, Erasures before, OffsetSpans wanted, OffsetSpans ofPartition)
            throws IOException {
        List<DataFile> now = new ArrayList<>();
        for (DataFile file : former.files()) {
            files.without(file, ofPartition).ifPresent(now::add);
        }
        Path staged = rewrites.staged(".sidecar");
        try {
            Map<SectionType, byte[]> sections = new EnumMap<>(SectionType.class);
            for (SectionType type : KEPT) {
                former.section(type).ifPresent(bytes -> sections.put(type, bytes));
            }
            boolean shaped = former.section(SectionType.SHAPES).isPresent();
            SidecarWriter.Sealed sealed;
            OffsetSpans removed;
            long rows;
            try (SidecarWriter writer =
                    SidecarWriter.replacing(staged, former, sections.size() + 1 + (shaped ? 1 : 0))) {
                Batches batches = new Batches(former, writer, wanted);
                batches.copy();
                removed = OffsetSpans.of(
                        batches.removed.stream().mapToLong(Long::longValue).toArray());
                if (removed.isEmpty()) {
                    return false;
                }
                sections.put(
                        SectionType.ERASED,
                        before.with(new Erasures.Erasure(request, timeMillis, removed))
                                .write());
                if (shaped) {
                    sections.put(SectionType.SHAPES, shapes(former, now));
                }
                rows = batches.rows;
                sealed = writer.finish(sections, now, origin(former.origin(), rows, writer.verbatimBatches()));
            }
            prove(staged, sealed, former, rows);
            rewrites.replace(former, staged);
            count(removed);
            return true;
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    private static Origin origin(Origin origin, long rows, int verbatimBatches) {
        return new Origin(
                origin.writerVersion(),
                origin.topic(),
                origin.sourceBytes(),
                origin.endOffset(),
                origin.brokerMaxTimestampMillis(),
                origin.indexInterval(),
                origin.batches(),
                rows,
                Math.min(rows, origin.rawRecords()),
                verbatimBatches);
    }

    /// Only those that a row still asks for: a shape holds the names of a value's members, which may be data.
    private byte[] shapes(Sidecar former, List<DataFile> now) throws IOException {
        byte[] section = former.section(SectionType.SHAPES).orElseThrow();
        ColdSegment segment = ColdSegment.over(former, now, rewrites::bytesOf);
        Set<Long> used = new HashSet<>();
        for (ColdSegment.RowGroup group : segment.rowGroups()) {
            used.addAll(group.decode().shapes());
        }
        ByteBuffer in = ByteBuffer.wrap(section);
        ByteBuffer out = ByteBuffer.allocate(section.length);
        while (in.hasRemaining()) {
            int entry = in.position();
            long id = in.getLong();
            int length = in.getInt();
            in.position(in.position() + length);
            if (used.contains(id)) {
                out.put(section, entry, 12 + length);
            }
        }
        byte[] kept = new byte[out.position()];
        out.flip().get(kept);
        return kept;
    }

    /// As a reader will find it, from the files in the store.
    private void prove(Path staged, SidecarWriter.Sealed sealed, Sidecar former, long rows) throws IOException {
        try (StagedSegment.LocalFile bytes = new StagedSegment.LocalFile(staged)) {
            Sidecar sidecar = Sidecar.open(staged.toString(), bytes, sealed.lengthBytes());
            ColdSegment segment = ColdSegment.open(sidecar, rewrites::bytesOf);
            BatchRebuilder rebuilder = new BatchRebuilder(segment, new LatestRowGroup(), ServeCompression.NONE);
            for (int ordinal = 0; ordinal < former.batchCount(); ordinal++) {
                ByteBuffer unused = rebuilder.rebuild(ordinal);
            }
            if (sidecar.batchCount() != former.batchCount() || segment.rows() != rows) {
                throw new CorruptSegmentException("Sidecar '" + former.name() + "': without the erased records it must"
                        + " have " + former.batchCount() + " batches and " + rows + " rows, has "
                        + sidecar.batchCount() + " and " + segment.rows() + ".");
            }
        }
    }

    /// Walks the batches of one segment into the sidecar that takes its place.
    private final class Batches {
        private final Sidecar former;
        private final SidecarWriter writer;
        private final OffsetSpans wanted;
        private final BatchRebuilder rebuilder;
        private final RecordCursor cursor = new RecordCursor();
        private final RecordsEncoder kept = new RecordsEncoder(64 * 1024);
        final List<Long> removed = new ArrayList<>();
        long rows;

        Batches(Sidecar former, SidecarWriter writer, OffsetSpans wanted) throws IOException {
            this.former = former;
            this.writer = writer;
            this.wanted = wanted;
            this.rebuilder = new BatchRebuilder(
                    ColdSegment.open(former, rewrites::bytesOf), new LatestRowGroup(), ServeCompression.NONE);
        }

        void copy() throws IOException {
            for (int ordinal = 0; ordinal < former.batchCount(); ordinal++) {
                BatchEntry entry = former.batch(ordinal);
                long base = former.address().baseOffset() + entry.relBase();
                boolean touched = wanted.touches(base, base + entry.lastOffsetDelta());
                if (touched && entry.has(BatchEntry.UNREADABLE)) {
                    unreadableBatches++;
                }
                boolean fixed = entry.has(BatchEntry.CONTROL)
                        || entry.has(BatchEntry.UNREADABLE)
                        || entry.has(BatchEntry.ERASED_ALL);
                if (!touched || fixed) {
                    asItIs(ordinal, entry);
                } else if (entry.has(BatchEntry.VERBATIM)) {
                    verbatim(ordinal, entry);
                } else {
                    fromRows(ordinal, entry, base);
                }
            }
        }

        private void asItIs(int ordinal, BatchEntry entry) throws IOException {
            rows += entry.hasRows() ? entry.count() : 0;
            if (entry.has(BatchEntry.VERBATIM)) {
                byte[] batch = former.verbatim(ordinal);
                writer.verbatim(entry, batch, batch.length);
            } else {
                writer.batch(entry);
            }
        }

        private void verbatim(int ordinal, BatchEntry entry) throws IOException {
            byte[] batch = former.verbatim(ordinal);
            int before = removed.size();
            BatchFilter.Filtered filtered = BatchFilter.without(batch, wanted, removed::add);
            if (removed.size() == before) {
                asItIs(ordinal, entry);
            } else if (filtered.kept() == 0) {
                writer.batch(entry.erased());
            } else {
                BatchEntry less = entry.withoutSome(filtered.kept(), -1, Checksums.of(filtered.batch()));
                rows += less.hasRows() ? less.count() : 0;
                writer.verbatim(less, filtered.batch(), filtered.batch().length);
            }
        }

        private void fromRows(int ordinal, BatchEntry entry, long base) throws IOException {
            ByteBuffer rebuilt = rebuilder.rebuild(ordinal);
            byte[] batch = new byte[rebuilt.remaining()];
            rebuilt.get(batch);
            kept.reset();
            int count = 0;
            int before = removed.size();
            cursor.reset(batch, BatchEnvelope.HEADER_BYTES, batch.length);
            while (cursor.next()) {
                long offset = base + cursor.offsetDelta();
                if (wanted.contains(offset)) {
                    removed.add(offset);
                } else {
                    kept.add(cursor, cursor.timestampDelta());
                    count++;
                }
            }
            if (removed.size() == before) {
                rows += entry.count();
                writer.batch(entry);
            } else if (count == 0) {
                writer.batch(entry.erased());
            } else {
                rows += count;
                writer.batch(entry.withoutSome(count, kept.size(), kept.crc32c()));
            }
        }
    }
}

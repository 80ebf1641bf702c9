package io.weir.tiered.archive;

import io.weir.tiered.parquet.RecordFileReader;
import io.weir.tiered.parquet.RecordFileRewriter;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.OffsetSpans;
import io.weir.tiered.segment.RelistedSidecar;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.segment.SidecarWriter;
import io.weir.tiered.shape.ShapeSet;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Changes in which objects archived segments lie, never what a reader of the log gets from them. One thread,
/// in one
/// process of the cluster: two that replace the same sidecar would undo each other's work.
///
/// Owns nothing; files under way are removed by whoever made them.
public final class SegmentRewrites {
    /// By then no reader of the log serves a sidecar of before: each looks at it again in shorter times.
    public static final Duration SEEN_BY_ALL_AFTER = ColdReader.SIDECARS_LOOKED_AT_AGAIN.plusSeconds(2);

    private final ObjectStore store;
    private final ArchiveLayout layout;
    private final Path staging;
    private final RewriteCounts counts;
    private final RewriteLeases leases;

    /// @param staging local folder for files under way
    public SegmentRewrites(
            ObjectStore store, ArchiveLayout layout, Path staging, RewriteCounts counts, RewriteLeases leases) {
        this.leases = leases;
        this.store = store;
        this.layout = layout;
        this.staging = staging;
        this.counts = counts;
    }

    /// The files that can become one with the first: same columns, as long as they follow each other.
    public List<DataFile> alike(List<DataFile> files) throws IOException {
        List<DataFile> alike = new ArrayList<>();
        RecordFileReader first = null;
        for (DataFile file : files) {
            RecordFileReader reader = reader(file);
            if (first == null) {
                first = reader;
            }
            if (!reader.hasColumnsOf(first)) {
                break;
            }
            alike.add(file);
        }
        return alike;
    }

    /// Makes one file of several, in ascending order of offset, and puts it into the store. Row groups keep
    /// their
    /// bytes.
    ///
    /// @param path of the new file, as sidecars will list it
    public DataFile join(List<DataFile> files, String path) throws IOException {
        Path staged = staged(".parquet");
        try {
            DataFile joined;
            try (RecordFileRewriter rewriter = RecordFileRewriter.create(staged, reader(files.getFirst()))) {
                for (DataFile file : files) {
                    rewriter.append(reader(file));
                }
                joined = rewriter.finish(path);
            }
            put(layout.listed(path), staged, joined.crc32c());
            return joined;
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    /// Lets a segment be read from other files. A reader finds the files of before or those of now, each time
    /// all of
    /// them; both give back the same batches.
    ///
    /// @param replaced the files of now, by the path of the one they take the place of
    /// @return whether anything had to be changed
    public boolean relist(SegmentAddress segment, Map<String, DataFile> replaced) throws IOException {
        Sidecar former = sidecar(segment);
        List<DataFile> files = new ArrayList<>();
        for (DataFile file : former.files()) {
            DataFile now = replaced.getOrDefault(file.path(), file);
            if (files.stream().noneMatch(known -> known.path().equals(now.path()))) {
                files.add(now);
            }
        }
        if (files.equals(former.files())) {
            return false;
        }
        Path staged = staged(".sidecar");
        try {
            SidecarWriter.Sealed sealed = RelistedSidecar.write(staged, former, files);
            prove(staged, sealed, former);
            replace(former, staged);
            return true;
        } finally {
            Files.deleteIfExists(staged);
        }
    }

    /// Takes records away, for one request.
    ///
    /// @param timeMillis when it was asked for
    public SegmentEraser eraser(UUID request, long timeMillis) {
        return new SegmentEraser(this, layout, request, timeMillis);
    }

    /// Offsets of every record of a key that the log still has in the archive, aborted ones included; by
    /// partition.
    public Map<Integer, OffsetSpans> keyed(ArchivedTopic topic, byte[] key) throws IOException {
        return new KeyScan(this, key).of(topic);
    }

    /// The records that no row has, those of aborted transactions, as rows.
    ///
    /// @return local files, which the caller deletes
    public List<Path> unseen(ArchivedTopic topic) throws IOException {
        return new UnseenRecords(this).asRows(topic);
    }

    /// Writes down which offsets a request takes away.
    public void remember(UUID request, Map<Integer, OffsetSpans> spans) throws IOException {
        EraseSpans.put(this, layout, request, spans);
    }

    /// What was written down.
    public Map<Integer, OffsetSpans> remembered(UUID request) throws IOException {
        String path = EraseSpans.path(layout, request);
        return EraseSpans.read(store.read(path, 0, Math.toIntExact(store.length(path))));
    }

    /// Removes a data file for good.
    ///
    /// @param path relative to the cluster's folder
    public void delete(String path) throws IOException {
        store.delete(layout.listed(path));
    }

    /// Every node asks for the topic's sidecars again.
    public void announce(UUID topicId) {
        counts.increment(topicId);
    }

    /// What the former sidecar says of its batches must be there again, readable, before it is replaced.
    private void prove(Path staged, SidecarWriter.Sealed sealed, Sidecar former) throws IOException {
        try (StagedSegment.LocalFile bytes = new StagedSegment.LocalFile(staged)) {
            Sidecar sidecar = Sidecar.open(staged.toString(), bytes, sealed.lengthBytes());
            ColdSegment unused = ColdSegment.open(sidecar, this::bytesOf);
            for (int ordinal = 0; ordinal < former.batchCount(); ordinal++) {
                if (!sidecar.batch(ordinal).equals(former.batch(ordinal))) {
                    throw new CorruptSegmentException(
                            "Sidecar '" + former.name() + "': batch " + ordinal + " changed on its way.");
                }
                if (sidecar.batch(ordinal).has(io.weir.tiered.segment.BatchEntry.VERBATIM)) {
                    byte[] unusedBatch = sidecar.verbatim(ordinal);
                }
            }
        }
    }

    Sidecar sidecar(SegmentAddress segment) throws IOException {
        String path = layout.sidecar(segment);
        return Sidecar.open(
                store.describe(path), (position, length) -> store.read(path, position, length), store.length(path));
    }

    RecordFileReader reader(DataFile file) throws IOException {
        return RecordFileReader.open(file, bytesOf(file.path()), ShapeSet.NONE);
    }

    io.weir.tiered.segment.RangeSource bytesOf(String listed) {
        String path = layout.listed(listed);
        return (position, length) -> store.read(path, position, length);
    }

    Path staged(String suffix) throws IOException {
        return Files.createTempFile(Files.createDirectories(staging), "rewrite-", suffix);
    }

    /// Puts a sidecar into the place of the one it was made from, and of no other.
    void replace(Sidecar former, Path staged) throws IOException {
        SegmentAddress segment = former.address();
        if (!leases.take(segment.topicId())) {
            throw new IOException("Sidecar '" + former.name()
                    + "': another node replaces sidecars of its topic at present. Is tried again.");
        }
        int now = sidecar(segment).generation();
        if (now != former.generation()) {
            throw new IOException("Sidecar '" + former.name() + "': was replaced meanwhile, generation "
                    + former.generation() + " is " + now + " now. Is tried again.");
        }
        put(layout.sidecar(segment), staged, StagedSegment.checksum(staged));
    }

    void put(String path, Path staged, int crc32c) throws IOException {
        store.put(path, staged);
        long length = Files.size(staged);
        long stored = store.length(path);
        if (stored != length || Checksums.of((from, count) -> store.read(path, from, count), length) != crc32c) {
            throw new IOException("Object '" + store.describe(path) + "': is not the file that was uploaded.");
        }
    }
}

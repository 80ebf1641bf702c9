package io.weir.tiered.archive;

import io.weir.tiered.failpoint.Failpoint;
import io.weir.tiered.parquet.RecordFileWriter;
import io.weir.tiered.segment.AbortedTransactions;
import io.weir.tiered.segment.ClassicObject;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.LogSegmentFile;
import io.weir.tiered.segment.Origin;
import io.weir.tiered.segment.SectionType;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.segment.SidecarWriter;
import io.weir.tiered.shape.ColumnTree;
import io.weir.tiered.shape.SchemaLookup;
import io.weir.tiered.shape.Shredder;
import io.weir.tiered.shape.TopicColumns;
import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.log.remote.storage.LogSegmentData;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;

/// Copies one closed segment: encode into staged files, verify them, upload the data file, then the sidecar,
/// whose presence means that the copy is complete. Safe for use by several threads: each copy has its own files.
final class SegmentCopier implements AutoCloseable {
    private static final String WRITER_VERSION = "weir-0.1";
    private static final int MOST_INDEX_ENTRIES = 64 * 1024;
    private static final ThreadMXBean CPU = ManagementFactory.getThreadMXBean();

    private final ObjectStore store;
    private final ArchiveSettings settings;
    private final ArchiveLayout layout;
    private final Path staging;
    private final Time time;
    private final ArchiveMetrics metrics;
    private final SchemaLookup schemas;
    private final ColumnChoice columnChoice;
    private final LakeModes modes;
    private final CopyThreads threads;

    /// @param schemas of Avro values
    /// @param modes how each topic's segments are stored
    SegmentCopier(
            ObjectStore store,
            ArchiveSettings settings,
            SchemaLookup schemas,
            Path staging,
            Time time,
            ArchiveMetrics metrics,
            LakeModes modes) {
        this.modes = modes;
        this.store = store;
        this.settings = settings;
        this.layout = new ArchiveLayout(settings.clusterId(), settings.namespace());
        this.staging = staging;
        this.time = time;
        this.metrics = metrics;
        this.schemas = schemas;
        this.columnChoice = new ColumnChoice(settings, schemas, metrics);
        this.threads = new CopyThreads(settings.pace());
    }

    /// @return what Kafka keeps with the segment's metadata
    /// @throws IOException the copy did not succeed; objects of it may be there
    CustomMetadata copy(RemoteLogSegmentMetadata metadata, LogSegmentData data) throws IOException {
        CopyDeadline deadline = new CopyDeadline(time, settings.copyDeadline());
        SegmentAddress address = ArchiveLayout.address(metadata);
        String topic = metadata.topicIdPartition().topic();
        if (modes.of(topic) == LakeMode.CLASSIC) {
            return classic(metadata, data, address, deadline);
        }
        boolean urgent = UrgentTopics.PROCESS.has(topic)
                || metrics.failingCopies()
                        .has(topic, metadata.topicIdPartition().partition());
        StagedSegment staged = threads.encode(
                data.logSegment(), urgent, () -> encoded(metadata, data, address, deadline), StagedSegment::discard);
        try {
            Failpoint.BEFORE_UPLOAD.reach();
            if (staged.dataFile().isPresent()) {
                String path = layout.listed(layout.dataFile(topic, address, 0));
                upload(path, staged.rowsFile(), staged.dataFile().get().crc32c(), deadline);
            }
            Failpoint.AFTER_UPLOAD.reach();
            upload(layout.sidecar(address), staged.sidecarFile(), crcOf(staged.sidecarFile()), deadline);
            Failpoint.AFTER_SIDECAR.reach();
            count(metadata, staged, deadline);
            return CustomMetadata.of(LakeMode.PARQUET, staged.sealed());
        } finally {
            staged.delete();
        }
    }

    private StagedSegment encoded(
            RemoteLogSegmentMetadata metadata, LogSegmentData data, SegmentAddress address, CopyDeadline deadline)
            throws IOException {
        TopicColumns columns = columnChoice.columns(metadata, data.logSegment(), deadline);
        long cpuStart = CPU.getCurrentThreadCpuTime();
        StagedSegment staged = proven(metadata, data, address, columns, deadline);
        metrics.encodeCpuNanos.add(CPU.getCurrentThreadCpuTime() - cpuStart);
        return staged;
    }

    /// The segment as it is, its offset index beside it in the sidecar.
    private CustomMetadata classic(
            RemoteLogSegmentMetadata metadata, LogSegmentData data, SegmentAddress address, CopyDeadline deadline)
            throws IOException {
        Path sidecarFile = staging.resolve(address.segment() + ".sidecar");
        Map<SectionType, byte[]> sections = brokerFiles(data);
        sections.put(SectionType.OFFSETS, Files.readAllBytes(data.offsetIndex()));
        try (StagedSegment.LocalFile bytes = new StagedSegment.LocalFile(data.logSegment())) {
            sections.put(
                    SectionType.CLASSIC,
                    ClassicObject.of(bytes, metadata.segmentSizeInBytes()).write());
        }
        try (SidecarWriter sidecar = SidecarWriter.create(sidecarFile, address, sections.size())) {
            SidecarWriter.Sealed sealed = sidecar.finish(sections, List.of(), origin(metadata, sidecar, 0, 0));
            upload(layout.classic(address), data.logSegment(), crcOf(data.logSegment()), deadline);
            upload(layout.sidecar(address), sidecarFile, crcOf(sidecarFile), deadline);
            TopicNumbers numbers = metrics.topic(metadata.topicIdPartition().topic());
            numbers.segments.increment();
            numbers.bytesIn.add(metadata.segmentSizeInBytes());
            numbers.bytesOut.add(metadata.segmentSizeInBytes() + sealed.lengthBytes());
            metrics.copyNanos.add(deadline.elapsedNanos());
            return CustomMetadata.of(LakeMode.CLASSIC, sealed);
        } finally {
            Files.deleteIfExists(sidecarFile);
        }
    }

    private StagedSegment proven(
            RemoteLogSegmentMetadata metadata,
            LogSegmentData data,
            SegmentAddress address,
            TopicColumns columns,
            CopyDeadline deadline)
            throws IOException {
        StagedSegment staged = stage(metadata, data, address, columns, Set.of());
        try {
            deadline.check("verify");
            Set<Integer> unproven = staged.unproven(settings.verifyOnCopy());
            if (unproven.isEmpty()) {
                return staged;
            }
            staged.delete();
            staged = stage(metadata, data, address, columns, unproven);
            deadline.check("verify again");
            Set<Integer> still = staged.unproven(settings.verifyOnCopy());
            if (still.isEmpty()) {
                return staged;
            }
            throw new CorruptSegmentException("Copy of " + address.describe() + ": batches " + still
                    + " cannot be given back from the staged files, not even as they were.");
        } catch (IOException | RuntimeException e) {
            staged.delete();
            throw e;
        }
    }

    private StagedSegment stage(
            RemoteLogSegmentMetadata metadata,
            LogSegmentData data,
            SegmentAddress address,
            TopicColumns columns,
            Set<Integer> forced)
            throws IOException {
        Path rowsFile = staging.resolve(address.segment() + ".parquet");
        Path sidecarFile = staging.resolve(address.segment() + ".sidecar");
        Map<SectionType, byte[]> sections = brokerFiles(data);
        boolean shaped = !columns.columns().isEmpty();
        Shredder shredder = new Shredder(
                new ColumnTree(columns.columns()), settings.shaping().limits(), schemas);
        RecordFileWriter rows = SegmentEncoder.rowsInto(rowsFile, settings, columns, shredder);
        try (LogSegmentFile segment = LogSegmentFile.open(data.logSegment(), metadata.segmentSizeInBytes());
                SidecarWriter sidecar =
                        SidecarWriter.create(sidecarFile, address, sections.size() + (shaped ? 1 : 0))) {
            SegmentEncoder encoder =
                    new SegmentEncoder(address, sidecar, rows, aborted(data.logSegment(), address), forced);
            encoder.encode(segment);
            long records = rows.rows();
            String listed = layout.dataFile(metadata.topicIdPartition().topic(), address, 0);
            Optional<DataFile> file = encoder.finishRows().map(local -> local.at(listed));
            Origin origin = origin(metadata, sidecar, records, rows.rawRows());
            if (shaped) {
                sections.put(SectionType.SHAPES, shredder.section());
            }
            SidecarWriter.Sealed sealed =
                    sidecar.finish(sections, file.map(List::of).orElse(List.of()), origin);
            return new StagedSegment(
                    rowsFile,
                    sidecarFile,
                    file,
                    sealed,
                    records,
                    rows.rawRows(),
                    shredder.shapes(),
                    encoder.verbatimReasons());
        } catch (IOException | RuntimeException e) {
            rows.abandon();
            Files.deleteIfExists(rowsFile);
            Files.deleteIfExists(sidecarFile);
            throw e;
        }
    }

    /// A rename or delete may take an index away while the folder is read; the second look then finds it gone.
    private static AbortedTransactions aborted(Path logSegment, SegmentAddress address) throws IOException {
        try {
            return AbortedTransactions.beside(logSegment, address.baseOffset());
        } catch (NoSuchFileException e) {
            return AbortedTransactions.beside(logSegment, address.baseOffset());
        }
    }

    private Origin origin(RemoteLogSegmentMetadata metadata, SidecarWriter sidecar, long records, long raw) {
        int interval = Math.max(settings.indexInterval(), Math.ceilDiv(sidecar.batches(), MOST_INDEX_ENTRIES));
        return new Origin(
                WRITER_VERSION,
                metadata.topicIdPartition().topic(),
                metadata.segmentSizeInBytes(),
                metadata.endOffset(),
                metadata.maxTimestampMs(),
                interval,
                sidecar.batches(),
                records,
                raw,
                sidecar.verbatimBatches());
    }

    private static Map<SectionType, byte[]> brokerFiles(LogSegmentData data) throws IOException {
        Map<SectionType, byte[]> files = new EnumMap<>(SectionType.class);
        files.put(SectionType.TIME, Files.readAllBytes(data.timeIndex()));
        if (data.transactionIndex().isPresent()
                && Files.exists(data.transactionIndex().get())) {
            files.put(
                    SectionType.TXN, Files.readAllBytes(data.transactionIndex().get()));
        }
        ByteBuffer epochs = data.leaderEpochIndex().duplicate();
        byte[] epochBytes = new byte[epochs.remaining()];
        epochs.get(epochBytes);
        files.put(SectionType.EPOCHS, epochBytes);
        files.put(SectionType.SNAPSHOT, Files.readAllBytes(data.producerSnapshotIndex()));
        return files;
    }

    private void upload(String path, Path file, int crc32c, CopyDeadline deadline) throws IOException {
        deadline.check("upload of " + path);
        store.put(path, file);
        deadline.check("check of " + path);
        long length = Files.size(file);
        long stored = store.length(path);
        if (stored != length) {
            throw new IOException("Object '" + store.describe(path) + "': must have " + length
                    + " bytes after the upload, has " + stored + ".");
        }
        if (settings.verifyOnCopy() == VerifyOnCopy.FULL
                && Checksums.of((from, count) -> store.read(path, from, count), length) != crc32c) {
            throw new IOException(
                    "Object '" + store.describe(path) + "': checksum differs from the file that was uploaded.");
        }
    }

    private static int crcOf(Path file) throws IOException {
        return StagedSegment.checksum(file);
    }

    private void count(RemoteLogSegmentMetadata metadata, StagedSegment staged, CopyDeadline deadline) {
        TopicNumbers numbers = metrics.topic(metadata.topicIdPartition().topic());
        numbers.segments.increment();
        numbers.bytesIn.add(metadata.segmentSizeInBytes());
        numbers.bytesOut.add(staged.sealed().lengthBytes()
                + staged.dataFile().map(DataFile::lengthBytes).orElse(0L));
        numbers.records.add(staged.records());
        numbers.rawRecords.add(staged.rawRecords());
        metrics.shapes.add(staged.shapes());
        metrics.copyNanos.add(deadline.elapsedNanos());
        staged.verbatimReasons().forEach((reason, count) -> {
            for (int i = 0; i < count; i++) {
                metrics.verbatim(reason);
            }
        });
    }

    /// Removes what serves the log of a segment that the broker has given up, and its rows unless a table has the word
    /// on them: then a reader of the table never misses a file that the table still lists.
    void giveUp(SegmentAddress address, String topic) throws IOException {
        switch (settings.rowsDelete()) {
            case AT_ONCE -> delete(address, topic);
            case BY_TABLE -> {
                store.delete(layout.classic(address));
                store.delete(layout.sidecar(address));
            }
        }
    }

    /// Removes every object that a copy of this segment may have left. Data files first: while the sidecar is
    /// there a repeated delete still finds its way.
    void delete(SegmentAddress address, String topic) throws IOException {
        int number = 0;
        boolean more = true;
        while (more) {
            String path = layout.listed(layout.dataFile(topic, address, number));
            store.delete(path);
            number++;
            // copies write one file; more than one come from later rewrites and follow without a gap
            more = exists(layout.listed(layout.dataFile(topic, address, number)));
        }
        store.delete(layout.classic(address));
        store.delete(layout.sidecar(address));
    }

    /// Ends what is under way.
    @Override
    public void close() {
        threads.close();
    }

    private boolean exists(String path) throws IOException {
        try {
            return store.length(path) >= 0;
        } catch (ObjectNotFoundException e) {
            return false;
        }
    }
}

package io.weir.tiered.archive;

import io.weir.tiered.archive.ReadAhead.Position;
import io.weir.tiered.failpoint.Failpoint;
import io.weir.tiered.segment.ClassicObject;
import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.SectionType;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.shape.SchemaLookup;
import io.weir.tiered.store.DeadlineObjectStore;
import io.weir.tiered.store.HadoopObjectStore;
import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.log.remote.storage.LogSegmentData;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentState;
import org.apache.kafka.server.log.remote.storage.RemoteResourceNotFoundException;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;
import org.apache.kafka.server.log.remote.storage.RemoteStorageManager;
import org.apache.kafka.server.log.remote.storage.RetriableRemoteStorageException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// Kafka's door to the archive (KIP-405). Thin: it translates calls and failures, everything else is behind
/// it.
///
/// A *position* in a segment is the ordinal of a batch (0, 1, 2 ...), nothing else: it survives other
/// compression, and as a batch has at least 61 bytes, the broker's sums of positions and bytes only ever
/// reach
/// too far, so that its lists of aborted transactions are supersets. Where a segment is stored as it is, a
/// position
/// is a byte of it, as the broker's own index says. Made by reflection by the broker, called
/// from its threads, several at a time.
public final class WeirRemoteStorageManager implements RemoteStorageManager {
    private static final Logger LOG = LoggerFactory.getLogger(WeirRemoteStorageManager.class);
    private static final int DECODERS = 2;
    private static final int OPENERS = 4;

    private final ArchiveMetrics metrics = ArchiveMetrics.PROCESS;
    private final LakeModes modes;
    private volatile @Nullable Running running;
    /// The staging folder when no setting named one: made here, removed here.
    private volatile @Nullable Path temporaryStaging;

    private record Running(
            ObjectStore store,
            Optional<RegistrySchemas> registry,
            SegmentCopier copier,
            ColdReader reader,
            ReadAhead ahead,
            ServeCompression serve,
            StoreBackoff backoff) {}

    /// The broker makes it without arguments and configures it next.
    public WeirRemoteStorageManager() {
        this(LakeModes.PROCESS);
    }

    WeirRemoteStorageManager(LakeModes modes) {
        this.modes = modes;
    }

    @Override
    public void configure(Map<String, ?> configs) {
        ArchiveSettings settings = ArchiveSettings.of(configs);
        modes.given(configs);
        try {
            ObjectStore store = HadoopObjectStore.open(settings.root(), settings.hadoop(), settings.storeDeadline());
            Path staging = stagingFolder(settings);
            temporaryStaging = settings.staging().isEmpty() ? staging : null;
            start(settings, store, staging);
        } catch (IOException e) {
            throw new ConfigException(String.valueOf(e.getMessage()));
        }
    }

    /// Starts over a given store, which it owns from here on.
    void start(ArchiveSettings settings, ObjectStore store, Path staging) {
        ObjectStore bounded =
                new DeadlineObjectStore(store, threads("store", settings.storeThreads()), settings.storeDeadline());
        Duration patience = settings.shaping().schemaDeadline();
        Optional<RegistrySchemas> registry =
                settings.shaping().registry().map(address -> new RegistrySchemas(address, patience));
        SchemaLookup schemas = registry.map(SchemaLookup.class::cast).orElse(SchemaLookup.NONE);
        running = new Running(
                bounded,
                registry,
                new SegmentCopier(bounded, settings, schemas, staging, Time.SYSTEM, metrics, modes),
                new ColdReader(
                        bounded, settings, threads("open", OPENERS), threads("decode", DECODERS), Time.SYSTEM, metrics),
                new ReadAhead(settings.cacheBytes(), settings.storeDeadline(), threads("ahead", DECODERS)),
                settings.serveCompression(),
                new StoreBackoff(Time.SYSTEM, settings.storeBackoff()));
    }

    private static Path stagingFolder(ArchiveSettings settings) throws IOException {
        if (settings.staging().isEmpty()) {
            return Files.createTempDirectory("weir-archive-staging");
        }
        Path folder = Files.createDirectories(settings.staging().get());
        // what is there belongs to copies that a former process did not finish
        empty(folder);
        return folder;
    }

    private static void empty(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Files.deleteIfExists(file);
            }
        }
    }

    private static ExecutorService threads(String purpose, int count) {
        AtomicInteger number = new AtomicInteger();
        ThreadFactory factory = task -> {
            Thread thread = new Thread(task, "weir-archive-" + purpose + "-" + number.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        };
        return Executors.newFixedThreadPool(count, factory);
    }

    private Running running() throws RemoteStorageException {
        Running now = running;
        if (now == null) {
            throw new RemoteStorageException("Archive: is not configured or closed.");
        }
        return now;
    }

    @Override
    public Optional<RemoteLogSegmentMetadata.CustomMetadata> copyLogSegmentData(
            RemoteLogSegmentMetadata metadata, LogSegmentData data) throws RemoteStorageException {
        Running now = running();
        TopicIdPartition partition = metadata.topicIdPartition();
        try {
            now.backoff().awaitTurn();
            Optional<RemoteLogSegmentMetadata.CustomMetadata> copied =
                    Optional.of(now.copier().copy(metadata, data).write());
            now.backoff().succeeded();
            metrics.failingCopies().succeeded(partition.topic(), partition.partition());
            return copied;
        } catch (CorruptSegmentException e) {
            metrics.corruptions.increment();
            failed(partition, e);
            cleanUp(now, metadata);
            throw new RemoteStorageException("Copy of " + describe(metadata) + ": " + e.getMessage(), e);
        } catch (IOException e) {
            // with this exception the broker neither cleans up nor counts: so it is done here
            metrics.copiesRetried.increment();
            if (!(e instanceof InterruptedIOException)) {
                now.backoff().failed();
                failed(partition, e);
            }
            cleanUp(now, metadata);
            throw new RetriableRemoteStorageException("Copy of " + describe(metadata) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RetriableRemoteStorageException(
                    "Copy of " + describe(metadata) + ": ended while it waited for the store.", e);
        }
    }

    private void failed(TopicIdPartition partition, Exception reason) {
        metrics.failingCopies()
                .failed(
                        partition.topic(),
                        partition.partition(),
                        String.valueOf(reason.getMessage()),
                        Instant.ofEpochMilli(Time.SYSTEM.milliseconds()));
    }

    private static void cleanUp(Running now, RemoteLogSegmentMetadata metadata) {
        boolean interrupted = Thread.interrupted();
        try {
            now.copier()
                    .delete(
                            ArchiveLayout.address(metadata),
                            metadata.topicIdPartition().topic());
        } catch (IOException e) {
            LOG.warn("Objects of a failed copy could not be removed: {}", describe(metadata), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public InputStream fetchLogSegment(RemoteLogSegmentMetadata metadata, int startPosition)
            throws RemoteStorageException {
        return fetchLogSegment(metadata, startPosition, Integer.MAX_VALUE);
    }

    @Override
    public InputStream fetchLogSegment(RemoteLogSegmentMetadata metadata, int startPosition, int endPosition)
            throws RemoteStorageException {
        Running now = running();
        if (startPosition < 0 || endPosition < startPosition) {
            throw new RemoteStorageException("Fetch of " + describe(metadata) + ": 0 <= start <= end must hold, got "
                    + startPosition + " and " + endPosition + ".");
        }
        ColdSegment segment = open(now, metadata);
        Optional<ClassicObject> classic = segment.classic();
        if (classic.isPresent()) {
            return new ClassicStream(
                    classic.get(),
                    number -> now.reader().chunk(segment, classic.get(), number),
                    describe(metadata),
                    startPosition,
                    endPosition + 1L,
                    metrics);
        }
        int last = Math.min(endPosition, segment.sidecar().batchCount() - 1);
        Supplier<BatchSource> rebuilders = () ->
                new BatchRebuilder(segment, (group, offset) -> now.reader().rows(segment, group, offset), now.serve());
        Position first = new Position(
                segment.sidecar().address().segment(), segment.sidecar().generation(), startPosition);
        return new BatchStream(
                now.ahead().from(first, rebuilders.get()),
                describe(metadata),
                startPosition,
                last,
                metrics,
                (next, bytes) -> now.ahead().ended(first, next, last, bytes, rebuilders));
    }

    private ColdSegment open(Running now, RemoteLogSegmentMetadata metadata) throws RemoteStorageException {
        SegmentAddress address = ArchiveLayout.address(metadata);
        try {
            return now.reader().open(address, CustomMetadata.read(metadata));
        } catch (CorruptSegmentException e) {
            metrics.corruptions.increment();
            throw new RemoteStorageException("Read of " + describe(metadata) + ": " + e.getMessage(), e);
        } catch (ObjectNotFoundException e) {
            throw new RemoteResourceNotFoundException("Read of " + describe(metadata) + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new RetriableRemoteStorageException("Read of " + describe(metadata) + ": " + e.getMessage(), e);
        }
    }

    @Override
    public InputStream fetchIndex(RemoteLogSegmentMetadata metadata, IndexType type) throws RemoteStorageException {
        Sidecar sidecar = open(running(), metadata).sidecar();
        try {
            return new ByteArrayInputStream(
                    switch (type) {
                        case OFFSET -> offsetIndex(sidecar);
                        case TIMESTAMP -> stored(sidecar, SectionType.TIME, metadata);
                        case PRODUCER_SNAPSHOT -> stored(sidecar, SectionType.SNAPSHOT, metadata);
                        case TRANSACTION -> stored(sidecar, SectionType.TXN, metadata);
                        case LEADER_EPOCH -> stored(sidecar, SectionType.EPOCHS, metadata);
                    });
        } catch (CorruptSegmentException e) {
            metrics.corruptions.increment();
            throw new RemoteStorageException("Index of " + describe(metadata) + ": " + e.getMessage(), e);
        } catch (IOException e) {
            throw new RetriableRemoteStorageException("Index of " + describe(metadata) + ": " + e.getMessage(), e);
        }
    }

    /// Positions are ordinals of batches, or bytes where the segment is stored as it is: then the broker's
    /// own.
    private static byte[] offsetIndex(Sidecar sidecar) throws IOException {
        Optional<byte[]> own = sidecar.section(SectionType.OFFSETS);
        return own.isPresent() ? own.get() : sidecar.offsetIndex();
    }

    private static byte[] stored(Sidecar sidecar, SectionType type, RemoteLogSegmentMetadata metadata)
            throws IOException, RemoteResourceNotFoundException {
        Optional<byte[]> section = sidecar.section(type);
        if (section.isEmpty()) {
            throw new RemoteResourceNotFoundException("Index of " + describe(metadata) + ": it has no " + type + ".");
        }
        return section.get();
    }

    @Override
    public void deleteLogSegmentData(RemoteLogSegmentMetadata metadata) throws RemoteStorageException {
        Running now = running();
        SegmentAddress address = ArchiveLayout.address(metadata);
        try {
            Failpoint.BEFORE_DELETE.reach();
            now.reader().forget(address);
            if (metadata.state() == RemoteLogSegmentState.COPY_SEGMENT_STARTED) {
                // no table has ever seen it
                now.copier().delete(address, metadata.topicIdPartition().topic());
            } else {
                now.copier().giveUp(address, metadata.topicIdPartition().topic());
            }
            Failpoint.AFTER_DELETE.reach();
        } catch (IOException e) {
            throw new RetriableRemoteStorageException("Delete of " + describe(metadata) + ": " + e.getMessage(), e);
        }
    }

    private static String describe(RemoteLogSegmentMetadata metadata) {
        return "segment '" + metadata.remoteLogSegmentId().id() + "' of "
                + metadata.topicIdPartition().topicPartition() + " (offsets " + metadata.startOffset() + " to "
                + metadata.endOffset() + ")";
    }

    @Override
    public void close() throws IOException {
        Running now = running;
        running = null;
        if (now != null) {
            now.copier().close();
            now.ahead().close();
            now.reader().close();
            now.registry().ifPresent(RegistrySchemas::close);
            now.store().close();
        }
        Path made = temporaryStaging;
        temporaryStaging = null;
        if (made != null && Files.isDirectory(made)) {
            empty(made);
            Files.delete(made);
        }
    }
}

package org.apache.kafka.server.log.remote.storage;

import io.weir.tiered.archive.ArchiveSettings;
import io.weir.tiered.archive.WeirRemoteStorageManager;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.Record;
import org.apache.kafka.server.log.remote.storage.LocalTieredStorageEvent.EventType;
import org.apache.kafka.server.log.remote.storage.LocalTieredStorageListener.LocalTieredStorageListeners;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata.CustomMetadata;

/// Stands in for the class of this name in Apache's test jar, the only storage that its tiered-storage tests
/// accept. It keeps what their harness looks at (a folder of segment files, a history of events), but every byte
/// a broker reads, log or index, comes out of Weir's plugin: so the tests judge the archive. Each copy is read
/// back and held against the file.
public final class LocalTieredStorage implements RemoteStorageManager {
    public static final String STORAGE_DIR_CONFIG = "dir";
    public static final String DELETE_ON_CLOSE_CONFIG = "delete.on.close";
    public static final String TRANSFERER_CLASS_CONFIG = "transferer.class";
    public static final String ENABLE_DELETE_API_CONFIG = "delete.enable";
    public static final String BROKER_ID = "broker.id";

    private static final String FILES = "kafka-tiered-storage";
    private static final String ARCHIVE = "weir-archive";

    private final WeirRemoteStorageManager weir = new WeirRemoteStorageManager();
    private final LocalTieredStorageListeners listeners = new LocalTieredStorageListeners();
    private final LocalTieredStorageHistory history = new LocalTieredStorageHistory();
    private final AtomicInteger clock = new AtomicInteger();
    private volatile File files = new File(FILES);
    private volatile int brokerId = -1;
    private volatile boolean deletes = true;
    private volatile boolean deletesOnClose;

    /// Made by reflection.
    public LocalTieredStorage() {
        history.listenTo(this);
    }

    @Override
    public void configure(Map<String, ?> configs) {
        Path root =
                Path.of(Objects.requireNonNull(configs.get(STORAGE_DIR_CONFIG)).toString());
        brokerId = (Integer) Objects.requireNonNull(configs.get(BROKER_ID));
        deletes = !"false".equals(configs.get(ENABLE_DELETE_API_CONFIG));
        deletesOnClose = "true".equals(configs.get(DELETE_ON_CLOSE_CONFIG));
        files = root.resolve(FILES).toFile();
        Map<String, Object> settings = new HashMap<>();
        settings.put(ArchiveSettings.URI, root.resolve(ARCHIVE).toUri().toString());
        settings.put(ArchiveSettings.CLUSTER_ID, "apache-suite");
        weir.configure(settings);
        try {
            Files.createDirectories(files.toPath());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public Optional<CustomMetadata> copyLogSegmentData(RemoteLogSegmentMetadata metadata, LogSegmentData data)
            throws RemoteStorageException {
        return observed(EventType.COPY_SEGMENT, metadata, fileset -> {
            fileset.copy(new PlainCopy(), data);
            Optional<CustomMetadata> custom = weir.copyLogSegmentData(metadata, data);
            requireSame(metadata, custom, fileset);
            return custom;
        });
    }

    /// Every record of the file comes out of the archive again, in order.
    private void requireSame(
            RemoteLogSegmentMetadata started, Optional<CustomMetadata> custom, RemoteLogSegmentFileset fileset)
            throws IOException, RemoteStorageException {
        RemoteLogSegmentMetadata finished = started.createWithUpdates(new RemoteLogSegmentMetadataUpdate(
                started.remoteLogSegmentId(), 0, custom, RemoteLogSegmentState.COPY_SEGMENT_FINISHED, brokerId));
        List<Record> expected = fileset.getRecords();
        List<Record> actual = new ArrayList<>();
        try (InputStream in = weir.fetchLogSegment(finished, 0)) {
            MemoryRecords.readableRecords(ByteBuffer.wrap(in.readAllBytes()))
                    .records()
                    .forEach(actual::add);
        }
        if (!expected.equals(actual)) {
            throw new AssertionError("Segment " + started + ": the archive gives back " + actual.size()
                    + " records that are not the " + expected.size() + " of the segment.");
        }
    }

    @Override
    public InputStream fetchLogSegment(RemoteLogSegmentMetadata metadata, int startPosition)
            throws RemoteStorageException {
        return observed(EventType.FETCH_SEGMENT, metadata, fileset -> weir.fetchLogSegment(metadata, startPosition));
    }

    @Override
    public InputStream fetchLogSegment(RemoteLogSegmentMetadata metadata, int startPosition, int endPosition)
            throws RemoteStorageException {
        return observed(
                EventType.FETCH_SEGMENT,
                metadata,
                fileset -> weir.fetchLogSegment(metadata, startPosition, endPosition));
    }

    @Override
    public InputStream fetchIndex(RemoteLogSegmentMetadata metadata, IndexType type) throws RemoteStorageException {
        EventType event = switch (type) {
            case OFFSET -> EventType.FETCH_OFFSET_INDEX;
            case TIMESTAMP -> EventType.FETCH_TIME_INDEX;
            case TRANSACTION -> EventType.FETCH_TRANSACTION_INDEX;
            case PRODUCER_SNAPSHOT -> EventType.FETCH_PRODUCER_SNAPSHOT;
            case LEADER_EPOCH -> EventType.FETCH_LEADER_EPOCH_CHECKPOINT;
        };
        return observed(event, metadata, fileset -> weir.fetchIndex(metadata, type));
    }

    @Override
    public void deleteLogSegmentData(RemoteLogSegmentMetadata metadata) throws RemoteStorageException {
        if (!deletes) {
            return;
        }
        boolean deleted = observed(EventType.DELETE_SEGMENT, metadata, fileset -> {
            weir.deleteLogSegmentData(metadata);
            return fileset.delete();
        });
        if (!deleted) {
            throw new RemoteStorageException("Files of " + metadata.remoteLogSegmentId() + " could not be deleted.");
        }
    }

    @FunctionalInterface
    private interface Work<T> {
        T on(RemoteLogSegmentFileset fileset) throws IOException, RemoteStorageException;
    }

    /// Runs the work and tells the harness how it went.
    private <T> T observed(EventType type, RemoteLogSegmentMetadata metadata, Work<T> work)
            throws RemoteStorageException {
        LocalTieredStorageEvent.Builder event = LocalTieredStorageEvent.newBuilder(
                        brokerId, type, clock.getAndIncrement(), metadata.remoteLogSegmentId())
                .withMetadata(metadata);
        try {
            RemoteLogSegmentFileset fileset = RemoteLogSegmentFileset.openFileset(files, metadata);
            T result = work.on(fileset);
            listeners.onStorageEvent(event.withFileset(fileset).build());
            return result;
        } catch (RemoteStorageException e) {
            listeners.onStorageEvent(event.withException(e).build());
            throw e;
        } catch (IOException e) {
            listeners.onStorageEvent(event.withException(e).build());
            throw new RemoteStorageException(e);
        }
    }

    /// Shows every topic partition and every segment that the folder holds, segments from the oldest on.
    public void traverse(LocalTieredStorageTraverser traverser) {
        File[] folders = files.listFiles(File::isDirectory);
        for (File folder : folders == null ? new File[0] : folders) {
            RemoteTopicPartitionDirectory.openExistingTopicPartitionDirectory(folder.getName(), files)
                    .traverse(traverser);
        }
    }

    public void addListener(LocalTieredStorageListener listener) {
        listeners.add(listener);
    }

    public LocalTieredStorageHistory getHistory() {
        return history;
    }

    public int brokerId() {
        return brokerId;
    }

    /// Removes every file of the harness.
    public void clear() {
        try (Stream<Path> all = Files.walk(files.toPath())) {
            for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() throws IOException {
        weir.close();
        if (deletesOnClose && files.exists()) {
            clear();
        }
    }

    /// A segment without aborted transactions has no transaction index.
    private static final class PlainCopy implements Transferer {
        @Override
        public void transfer(File from, File to) throws IOException {
            if (from.exists()) {
                Files.copy(from.toPath(), to.toPath(), StandardCopyOption.REPLACE_EXISTING);
            }
        }

        @Override
        public void transfer(ByteBuffer from, File to) throws IOException {
            ByteBuffer source = from.duplicate();
            byte[] bytes = new byte[source.remaining()];
            source.get(bytes);
            Files.write(to.toPath(), bytes);
        }
    }
}

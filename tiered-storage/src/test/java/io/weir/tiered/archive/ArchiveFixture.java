package io.weir.tiered.archive;

import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.record.internal.MemoryRecords;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadataUpdate;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentState;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;

/// The plugin over a given store, called as a broker would.
final class ArchiveFixture implements AutoCloseable {
    final WeirRemoteStorageManager plugin;

    ArchiveFixture(ObjectStore store, Path staging, Map<String, String> settings) throws IOException {
        this(store, staging, settings, new LakeModes());
    }

    ArchiveFixture(ObjectStore store, Path staging, Map<String, String> settings, LakeModes modes) throws IOException {
        this.plugin = new WeirRemoteStorageManager(modes);
        Map<String, String> all = new HashMap<>(Map.of(
                ArchiveSettings.URI,
                "file:///unused",
                ArchiveSettings.CLUSTER_ID,
                "test",
                ArchiveSettings.STORE_BACKOFF,
                "PT0.001S",
                ArchiveSettings.ROW_GROUP_BYTES,
                "4096"));
        all.putAll(settings);
        plugin.start(ArchiveSettings.of(all), store, Files.createDirectories(staging));
    }

    /// Copies a segment and returns the metadata as the broker keeps it then.
    RemoteLogSegmentMetadata copy(RandomSegment segment, Path folder) throws IOException, RemoteStorageException {
        return copy(segment, segment.metadata(), folder);
    }

    /// The same for an attempt that the caller knows.
    RemoteLogSegmentMetadata copy(RandomSegment segment, RemoteLogSegmentMetadata started, Path folder)
            throws IOException, RemoteStorageException {
        return started.createWithUpdates(new RemoteLogSegmentMetadataUpdate(
                started.remoteLogSegmentId(),
                1,
                plugin.copyLogSegmentData(started, segment.write(folder)),
                RemoteLogSegmentState.COPY_SEGMENT_FINISHED,
                1));
    }

    List<RecordBatch> fetch(RemoteLogSegmentMetadata metadata, int from) throws IOException, RemoteStorageException {
        try (InputStream in = plugin.fetchLogSegment(metadata, from)) {
            List<RecordBatch> batches = new ArrayList<>();
            MemoryRecords.readableRecords(ByteBuffer.wrap(in.readAllBytes()))
                    .batches()
                    .forEach(batches::add);
            return batches;
        }
    }

    @Override
    public void close() throws IOException {
        plugin.close();
    }
}

package io.weir.tiered.archive;

import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.log.remote.storage.RemoteLogMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadataUpdate;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentState;
import org.apache.kafka.server.log.remote.storage.RemotePartitionDeleteMetadata;
import org.apache.kafka.server.log.remote.storage.RemotePartitionDeleteState;
import org.apache.kafka.server.log.remote.storage.RemoteStorageException;

/// The segments that the events of `__remote_log_metadata` leave, by partition. One thread.
final class SegmentStates {
    private record PartitionKey(UUID topicId, int partition) {}

    private final Map<PartitionKey, Map<Uuid, RemoteLogSegmentMetadata>> partitions = new HashMap<>();

    void apply(RemoteLogMetadata event) {
        PartitionKey key = key(event.topicIdPartition());
        switch (event) {
            case RemoteLogSegmentMetadata started ->
                partitions
                        .computeIfAbsent(key, unused -> new HashMap<>())
                        .put(started.remoteLogSegmentId().id(), started);
            case RemoteLogSegmentMetadataUpdate update -> update(key, update);
            case RemotePartitionDeleteMetadata deleted -> {
                if (deleted.state() == RemotePartitionDeleteState.DELETE_PARTITION_FINISHED) {
                    partitions.remove(key);
                }
            }
            default -> throw new IllegalStateException("Unknown event of the remote log: " + event.getClass());
        }
    }

    private void update(PartitionKey key, RemoteLogSegmentMetadataUpdate update) {
        Map<Uuid, RemoteLogSegmentMetadata> segments = partitions.get(key);
        if (segments == null) {
            return;
        }
        Uuid id = update.remoteLogSegmentId().id();
        if (update.state() == RemoteLogSegmentState.DELETE_SEGMENT_FINISHED) {
            segments.remove(id);
        } else {
            segments.computeIfPresent(id, (unused, known) -> known.createWithUpdates(update));
        }
    }

    /// Segments whose copy is finished and whose deletion has not begun.
    List<RemoteLogSegmentMetadata> finished(UUID topicId, int partition) {
        Collection<RemoteLogSegmentMetadata> known = partitions
                .getOrDefault(new PartitionKey(topicId, partition), Map.of())
                .values();
        return known.stream()
                .filter(segment -> segment.state() == RemoteLogSegmentState.COPY_SEGMENT_FINISHED)
                .toList();
    }

    /// Every segment that is not deleted to the end, in no order.
    List<KnownSegment> known() {
        return partitions.values().stream()
                .flatMap(segments -> segments.values().stream())
                .map(SegmentStates::known)
                .toList();
    }

    private static KnownSegment known(RemoteLogSegmentMetadata metadata) {
        return new KnownSegment(
                metadata.topicIdPartition().topic(),
                ArchiveLayout.address(metadata),
                metadata.endOffset(),
                switch (metadata.state()) {
                    case COPY_SEGMENT_STARTED -> KnownSegment.State.STARTED;
                    case COPY_SEGMENT_FINISHED -> KnownSegment.State.FINISHED;
                    case DELETE_SEGMENT_STARTED, DELETE_SEGMENT_FINISHED -> KnownSegment.State.DELETING;
                },
                copied(metadata));
    }

    private static Optional<CustomMetadata> copied(RemoteLogSegmentMetadata metadata) {
        try {
            return CustomMetadata.read(metadata);
        } catch (RemoteStorageException e) {
            // written by another plugin: its objects will not be found, which says enough
            return Optional.empty();
        }
    }

    private static PartitionKey key(TopicIdPartition partition) {
        return new PartitionKey(ArchiveLayout.uuid(partition.topicId()), partition.partition());
    }
}

package io.weir.tiered.archive;

import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentId;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;
import org.jspecify.annotations.Nullable;

/// A topic as an archive alone knows it, without the log it came from: what its sidecars say. Good for reading history
/// elsewhere; while the log lives it has the word about what counts, see [ArchivedRecords].
///
/// Safe for use by any thread; owns nothing.
public final class StoredTopic {
    private static final String SIDECAR = ".sidecar";
    private static final int NO_BROKER = -1;

    private final String topic;
    private final Map<Integer, SegmentChain> chains;
    private final ArchivedRecords records;

    private StoredTopic(String topic, Map<Integer, SegmentChain> chains, ObjectStore store, ArchiveLayout layout) {
        this.topic = topic;
        this.chains = chains;
        this.records = new ArchivedRecords(name -> chains, store, layout);
    }

    /// Looks for a topic by its name at copy time.
    ///
    /// @param store the archive's root; stays its owner's
    /// @return empty when the archive holds nothing of it
    /// @throws IOException the store does not answer, or holds two topics of that name
    public static Optional<StoredTopic> find(ObjectStore store, String topic) throws IOException {
        StoredTopic found = null;
        for (String cluster : store.folders("")) {
            ArchiveLayout layout = new ArchiveLayout(cluster, "");
            for (String topicId : store.folders(cluster + "/log")) {
                Map<Integer, SegmentChain> chains = chains(store, cluster + "/log/" + topicId, topic);
                if (chains != null && found != null) {
                    throw new IOException("Topic '" + topic + "': the archive '" + store.describe("")
                            + "' holds several of that name, one is " + topicId
                            + ". Read it from a running node instead.");
                }
                found = chains == null ? found : new StoredTopic(topic, chains, store, layout);
            }
        }
        return Optional.ofNullable(found);
    }

    /// Null when the folder is another topic's.
    private static @Nullable Map<Integer, SegmentChain> chains(ObjectStore store, String folder, String topic)
            throws IOException {
        Map<Integer, SegmentChain> chains = new TreeMap<>();
        for (String partition : store.folders(folder)) {
            List<RemoteLogSegmentMetadata> segments = new ArrayList<>();
            for (String object : store.list(folder + "/" + partition)) {
                if (object.endsWith(SIDECAR)) {
                    Sidecar sidecar = open(store, folder + "/" + partition + "/" + object);
                    if (!sidecar.origin().topic().equals(topic)) {
                        return null;
                    }
                    segments.add(metadata(topic, sidecar));
                }
            }
            if (!segments.isEmpty()) {
                long start = segments.stream()
                        .mapToLong(RemoteLogSegmentMetadata::startOffset)
                        .min()
                        .orElseThrow();
                chains.put(Integer.parseInt(partition.substring(1)), SegmentChain.of(start, segments));
            }
        }
        return chains.isEmpty() ? null : chains;
    }

    private static Sidecar open(ObjectStore store, String path) throws IOException {
        return Sidecar.open(
                store.describe(path), (position, length) -> store.read(path, position, length), store.length(path));
    }

    private static RemoteLogSegmentMetadata metadata(String topic, Sidecar sidecar) {
        Uuid topicId = new Uuid(
                sidecar.address().topicId().getMostSignificantBits(),
                sidecar.address().topicId().getLeastSignificantBits());
        Uuid segment = new Uuid(
                sidecar.address().segment().getMostSignificantBits(),
                sidecar.address().segment().getLeastSignificantBits());
        long base = sidecar.address().baseOffset();
        return new RemoteLogSegmentMetadata(
                new RemoteLogSegmentId(
                        new TopicIdPartition(
                                topicId,
                                new TopicPartition(topic, sidecar.address().partition())),
                        segment),
                base,
                sidecar.origin().endOffset(),
                sidecar.origin().brokerMaxTimestampMillis(),
                NO_BROKER,
                0,
                (int) Math.min(Integer.MAX_VALUE, sidecar.origin().sourceBytes()),
                Map.of(0, base));
    }

    /// All partitions of which something is stored, each from its first record on.
    public Map<Integer, PartitionRecords> partitions() {
        Map<Integer, PartitionRecords> partitions = new HashMap<>();
        chains.forEach((partition, chain) ->
                partitions.put(partition, records.open(new TopicPartition(topic, partition), chain.logStart())));
        return partitions;
    }
}

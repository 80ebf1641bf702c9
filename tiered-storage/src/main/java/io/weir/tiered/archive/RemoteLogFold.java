package io.weir.tiered.archive;

import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.segment.DataFile;
import io.weir.tiered.segment.Origin;
import io.weir.tiered.segment.RangeSource;
import io.weir.tiered.segment.SegmentAddress;
import io.weir.tiered.segment.Sidecar;
import io.weir.tiered.store.ObjectNotFoundException;
import io.weir.tiered.store.ObjectStore;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.server.log.remote.storage.RemoteLogSegmentMetadata;

/// What the archive holds, told from `__remote_log_metadata` read to its end and from the sidecars: works on
/// any
/// cluster, needs no listing of objects, and sees no unfinished copy. Safe for use by any thread, one
/// snapshot at
/// a time; owns its consumer, not the admin client and not the store.
public final class RemoteLogFold implements AutoCloseable {
    private static final int SIDECARS_KEPT = 10_000;

    private final Admin admin;
    private final ObjectStore store;
    private final URI root;
    private final ArchiveLayout layout;
    private final RemoteLogEvents events;
    private final RewriteCounts counts;

    /// Guards `events` and `contents`.
    private final ReentrantLock lock = new ReentrantLock();

    private final Map<UUID, Contents> contents = new LinkedHashMap<>(64, 0.75f, true);

    /// What a sidecar says of its segment, and how long it is.
    ///
    /// @param count of the topic's rewrites when it was read
    private record Contents(long sidecarBytes, Origin origin, List<DataFile> files, long count) {}

    /// @param clientProperties with `bootstrap.servers`
    /// @param root of the archive, as the store was opened with
    public RemoteLogFold(
            Admin admin, Map<String, Object> clientProperties, ObjectStore store, URI root, ArchiveLayout layout) {
        this(admin, clientProperties, store, root, layout, RewriteCounts.NONE);
    }

    /// @param counts say when sidecars have to be read again
    public RemoteLogFold(
            Admin admin,
            Map<String, Object> clientProperties,
            ObjectStore store,
            URI root,
            ArchiveLayout layout,
            RewriteCounts counts) {
        this.counts = counts;
        this.admin = admin;
        this.store = store;
        this.root = root;
        this.layout = layout;
        this.events = new RemoteLogEvents(clientProperties, AdminAnswers.DEADLINE, Time.SYSTEM);
    }

    /// The archived state of one topic, not older than this call.
    ///
    /// @throws NoSuchTopicException there is no such topic
    /// @throws ArchiveUnavailableException the log or the store did not answer
    /// @throws CorruptSegmentException a sidecar is damaged
    public ArchivedTopic snapshot(String topic) {
        TopicDescription description = describe(topic);
        Map<TopicPartition, Long> logStarts = logStarts(description);
        lock.lock();
        try {
            return snapshot(description, logStarts, true);
        } finally {
            lock.unlock();
        }
    }

    /// Every segment that the broker's metadata topic knows, read to its present end; all topics, in no
    /// order.
    ///
    /// @throws ArchiveUnavailableException the log did not answer
    List<KnownSegment> known() {
        lock.lock();
        try {
            return events.latest().known();
        } finally {
            lock.unlock();
        }
    }

    /// Data files that the log still reads, relative to the cluster's folder: what the sidecars list of all
    /// finished
    /// segments of a topic that the broker has not given up, whether or not the log's start has passed them.
    ///
    /// @throws ArchiveUnavailableException the log or the store did not answer
    /// @throws CorruptSegmentException a sidecar is damaged or missing
    public Set<String> listed(UUID topicId) {
        lock.lock();
        try {
            return listed(topicId, true);
        } finally {
            lock.unlock();
        }
    }

    private Set<String> listed(UUID topicId, boolean again) {
        Set<String> listed = new HashSet<>();
        try {
            for (KnownSegment segment : events.latest().known()) {
                if (segment.state() == KnownSegment.State.FINISHED
                        && segment.address().topicId().equals(topicId)) {
                    contents(segment.address()).files().forEach(file -> listed.add(file.path()));
                }
            }
            return listed;
        } catch (ObjectNotFoundException e) {
            if (again) {
                // retention took the segment away between the two reads
                return listed(topicId, false);
            }
            throw new CorruptSegmentException("Topic id '" + topicId + "': " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ArchiveUnavailableException("Topic id '" + topicId + "': " + e.getMessage(), e);
        }
    }

    Janitor.Source janitorSource() {
        return new Janitor.Source() {
            @Override
            public String clusterId() {
                return AdminAnswers.about("*", admin.describeCluster().clusterId());
            }

            @Override
            public List<KnownSegment> known() {
                return RemoteLogFold.this.known();
            }

            @Override
            public Set<String> listed(SegmentAddress segment) throws IOException {
                return read(segment).files().stream().map(DataFile::path).collect(Collectors.toSet());
            }
        };
    }

    /// Earliest offset that the log still has, by partition.
    ///
    /// @throws NoSuchTopicException there is no such topic
    Map<Integer, Long> logStarts(String topic) {
        Map<Integer, Long> starts = new HashMap<>();
        logStarts(describe(topic)).forEach((partition, offset) -> starts.put(partition.partition(), offset));
        return starts;
    }

    /// The id that the log calls a topic by now.
    ///
    /// @throws NoSuchTopicException there is no such topic
    UUID topicId(String topic) {
        return ArchiveLayout.uuid(describe(topic).topicId());
    }

    private ArchivedTopic snapshot(TopicDescription topic, Map<TopicPartition, Long> logStarts, boolean again) {
        SegmentStates states = events.latest();
        UUID topicId = ArchiveLayout.uuid(topic.topicId());
        Map<Integer, ArchivedTopic.Partition> partitions = new HashMap<>();
        try {
            for (Map.Entry<TopicPartition, Long> start : logStarts.entrySet()) {
                int partition = start.getKey().partition();
                partitions.put(partition, partition(partition, start.getValue(), states.finished(topicId, partition)));
            }
            return new ArchivedTopic(topic.name(), topicId, partitions);
        } catch (ObjectNotFoundException e) {
            if (again) {
                // retention took the segment away between the two reads
                return snapshot(topic, logStarts, false);
            }
            throw new CorruptSegmentException("Topic '" + topic.name() + "': " + e.getMessage(), e);
        } catch (IOException e) {
            throw new ArchiveUnavailableException("Topic '" + topic.name() + "': " + e.getMessage(), e);
        }
    }

    private ArchivedTopic.Partition partition(int number, long logStart, List<RemoteLogSegmentMetadata> finished)
            throws IOException {
        SegmentChain chain = SegmentChain.of(logStart, finished);
        List<ArchivedTopic.Segment> segments = new ArrayList<>();
        for (SegmentChain.Link link : chain.links()) {
            segments.add(segment(link.metadata(), link.firstOffset()));
        }
        return new ArchivedTopic.Partition(number, logStart, chain.committed(), segments);
    }

    /// The archived segments of every partition of a topic, not older than this call; reads no sidecar.
    ///
    /// @throws NoSuchTopicException there is no such topic
    /// @throws ArchiveUnavailableException the log did not answer
    Map<Integer, SegmentChain> chains(String topic) {
        TopicDescription description = describe(topic);
        Map<TopicPartition, Long> logStarts = logStarts(description);
        UUID topicId = ArchiveLayout.uuid(description.topicId());
        lock.lock();
        try {
            SegmentStates states = events.latest();
            Map<Integer, SegmentChain> chains = new HashMap<>();
            logStarts.forEach((partition, start) -> chains.put(
                    partition.partition(), SegmentChain.of(start, states.finished(topicId, partition.partition()))));
            return chains;
        } finally {
            lock.unlock();
        }
    }

    private ArchivedTopic.Segment segment(RemoteLogSegmentMetadata metadata, long firstOffset) throws IOException {
        SegmentAddress address = ArchiveLayout.address(metadata);
        Contents known = contents(address);
        return new ArchivedTopic.Segment(
                address,
                firstOffset,
                metadata.endOffset(),
                metadata.segmentSizeInBytes(),
                known.sidecarBytes(),
                known.origin(),
                known.files());
    }

    private Contents contents(SegmentAddress address) throws IOException {
        Contents known = contents.get(address.segment());
        if (known == null || known.count() != counts.of(address.topicId())) {
            known = read(address);
            contents.put(address.segment(), known);
            if (contents.size() > SIDECARS_KEPT) {
                contents.remove(contents.keySet().iterator().next());
            }
        }
        return known;
    }

    private Contents read(SegmentAddress address) throws IOException {
        String path = layout.sidecar(address);
        // before the sidecar: a replacement in between is then read again
        long count = counts.of(address.topicId());
        RangeSource source = (position, length) -> store.read(path, position, length);
        Sidecar sidecar = Sidecar.open(store.describe(path), source, store.length(path));
        return new Contents(sidecar.lengthBytes(), sidecar.origin(), sidecar.files(), count);
    }

    /// The object of a data file in the store.
    ///
    /// @param path as sidecars list it
    public String object(String path) {
        return layout.listed(path);
    }

    /// Where a data file lies, when the archive is a local folder.
    ///
    /// @param path as sidecars list it
    public Optional<Path> localFile(String path) {
        return "file".equals(root.getScheme())
                ? Optional.of(Path.of(root).resolve(object(path)).toAbsolutePath())
                : Optional.empty();
    }

    private TopicDescription describe(String topic) {
        return AdminAnswers.about(topic, admin.describeTopics(List.of(topic)).allTopicNames())
                .values()
                .iterator()
                .next();
    }

    private Map<TopicPartition, Long> logStarts(TopicDescription topic) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        for (TopicPartitionInfo partition : topic.partitions()) {
            asked.put(new TopicPartition(topic.name(), partition.partition()), OffsetSpec.earliest());
        }
        Map<TopicPartition, ListOffsetsResult.ListOffsetsResultInfo> found =
                AdminAnswers.about(topic.name(), admin.listOffsets(asked).all());
        Map<TopicPartition, Long> starts = new HashMap<>();
        found.forEach((partition, info) -> starts.put(partition, info.offset()));
        return starts;
    }

    @Override
    public void close() {
        lock.lock();
        try {
            events.close();
        } finally {
            lock.unlock();
        }
    }
}

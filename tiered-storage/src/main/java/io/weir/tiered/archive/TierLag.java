package io.weir.tiered.archive;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.LogDirDescription;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.ReplicaInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartition;

/// How far the archive is behind the log, by what any cluster tells over its Admin API. One thread looks, any
/// thread reads; does not own the admin client.
public final class TierLag {
    /// Ends remembered of a partition, one a look.
    private static final int REMEMBERED = 4_096;

    private final Admin admin;
    private final Clock clock;
    private final Map<TopicPartition, NavigableMap<Long, Instant>> ends = new HashMap<>();
    private volatile List<PartitionLag> lags = List.of();

    public TierLag(Admin admin, Clock clock) {
        this.admin = admin;
        this.clock = clock;
    }

    /// As of the last look, in order of topics and partitions.
    public List<PartitionLag> lags() {
        return lags;
    }

    /// Looks at the archived topics.
    ///
    /// @throws ArchiveUnavailableException the log did not answer
    /// @throws NoSuchTopicException one has gone meanwhile
    public void look(Collection<String> topics) {
        if (topics.isEmpty()) {
            ends.clear();
            lags = List.of();
            return;
        }
        Instant now = clock.instant();
        List<TopicPartition> partitions = partitions(topics);
        Map<TopicPartition, Long> latest = offsets(partitions, OffsetSpec.latest());
        Map<TopicPartition, Long> tiered = offsets(partitions, OffsetSpec.latestTiered());
        Map<TopicPartition, Long> localStarts = offsets(partitions, OffsetSpec.earliestLocal());
        Map<TopicPartition, Long> sizes = localBytes();
        ends.keySet().retainAll(partitions);
        List<PartitionLag> seen = new ArrayList<>();
        for (TopicPartition partition : partitions) {
            long end = latest.getOrDefault(partition, 0L);
            long localStart = Math.max(0, localStarts.getOrDefault(partition, 0L));
            long tieredTo = tiered.getOrDefault(partition, -1L) + 1;
            // what was dropped before anything was archived is nobody's lag
            long from = tieredTo == 0 ? Math.min(localStart, end) : tieredTo;
            seen.add(new PartitionLag(
                    partition.topic(),
                    partition.partition(),
                    from,
                    end,
                    bytes(sizes.getOrDefault(partition, 0L), localStart, from, end),
                    since(partition, from, end, now)));
        }
        seen.sort(Comparator.comparing(PartitionLag::topic).thenComparingInt(PartitionLag::partition));
        lags = List.copyOf(seen);
    }

    private List<TopicPartition> partitions(Collection<String> topics) {
        List<TopicPartition> partitions = new ArrayList<>();
        for (TopicDescription topic : AdminAnswers.about(
                        "*", admin.describeTopics(topics).allTopicNames())
                .values()) {
            topic.partitions().forEach(each -> partitions.add(new TopicPartition(topic.name(), each.partition())));
        }
        return partitions;
    }

    private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec spec) {
        Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
        partitions.forEach(partition -> asked.put(partition, spec));
        Map<TopicPartition, ListOffsetsResultInfo> found =
                AdminAnswers.about("*", admin.listOffsets(asked).all());
        Map<TopicPartition, Long> offsets = new HashMap<>();
        found.forEach((partition, info) -> offsets.put(partition, info.offset()));
        return offsets;
    }

    /// The largest replica's.
    private Map<TopicPartition, Long> localBytes() {
        List<Integer> brokers = AdminAnswers.about("*", admin.describeCluster().nodes()).stream()
                .map(Node::id)
                .toList();
        Map<TopicPartition, Long> sizes = new HashMap<>();
        Map<Integer, Map<String, LogDirDescription>> folders =
                AdminAnswers.about("*", admin.describeLogDirs(brokers).allDescriptions());
        for (Map<String, LogDirDescription> ofBroker : folders.values()) {
            for (LogDirDescription folder : ofBroker.values()) {
                for (Map.Entry<TopicPartition, ReplicaInfo> replica :
                        folder.replicaInfos().entrySet()) {
                    sizes.merge(replica.getKey(), replica.getValue().size(), Math::max);
                }
            }
        }
        return sizes;
    }

    /// The local log's bytes in the share of its offsets that is not archived.
    private static long bytes(long localBytes, long localStart, long tieredTo, long end) {
        long local = end - localStart;
        long missing = Math.min(local, end - tieredTo);
        return local <= 0 || missing <= 0 ? 0 : Math.round((double) localBytes * missing / local);
    }

    /// The first look at which the log reached beyond what is archived.
    private Instant since(TopicPartition partition, long tieredTo, long end, Instant now) {
        NavigableMap<Long, Instant> known = ends.computeIfAbsent(partition, unused -> new TreeMap<>());
        known.headMap(tieredTo, true).clear();
        if (end <= tieredTo) {
            return now;
        }
        known.putIfAbsent(end, now);
        if (known.size() > REMEMBERED) {
            // the oldest one counts; among the others any may go
            Long second = known.higherKey(known.firstKey());
            if (second != null) {
                known.remove(second);
            }
        }
        return known.firstEntry().getValue();
    }
}

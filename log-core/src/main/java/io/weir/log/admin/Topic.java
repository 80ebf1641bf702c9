package io.weir.log.admin;

import io.weir.log.topic.TopicName;
import java.util.List;

/// A topic as the cluster's metadata shows it.
///
/// @param id Kafka's own, which a topic of the same name created later does not share
/// @param partitions in order, without gaps, at least one
public record Topic(TopicName name, String id, List<Partition> partitions) {
    public Topic {
        partitions = List.copyOf(partitions);
    }

    /// Replicas of its first partition.
    public int replicationFactor() {
        return partitions.isEmpty() ? 0 : partitions.getFirst().replicas().size();
    }

    /// @param leader broker id, -1 while the partition has no leader
    /// @param replicas broker ids, the preferred leader first
    /// @param inSync those replicas that have everything acknowledged
    public record Partition(int number, int leader, List<Integer> replicas, List<Integer> inSync) {
        public Partition {
            replicas = List.copyOf(replicas);
            inSync = List.copyOf(inSync);
        }
    }
}

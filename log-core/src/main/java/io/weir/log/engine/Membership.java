package io.weir.log.engine;

import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/// Which cluster a node belongs to, or how it comes to belong to one.
///
/// @param intendedSize `weir.cluster.size`: nodes this cluster is meant to have, at least 1; decides partition
///     counts and replication of internal topics, which cannot change afterwards
/// @param join `weir.cluster.join`: Kafka addresses (`host:port`) of other nodes
/// @param found `weir.cluster.found`: whether this node may found the cluster when no peer answers
/// @param expectedClusterId `weir.cluster.id`: refuse any other
/// @param nodeId `weir.cluster.node.id`: empty = 1 for the founder, a free one for a joiner
public record Membership(
        int intendedSize, List<String> join, boolean found, Optional<String> expectedClusterId, OptionalInt nodeId) {
    public Membership {
        join = List.copyOf(join);
        if (intendedSize < 1) {
            throw new WeirException(
                    "setting-invalid",
                    Whose.USER,
                    "Setting 'weir.cluster.size': a cluster has at least 1 node, got " + intendedSize + ".");
        }
        if (nodeId.isPresent() && nodeId.getAsInt() < 1) {
            throw new WeirException(
                    "setting-invalid",
                    Whose.USER,
                    "Setting 'weir.cluster.node.id': a node id is at least 1, got " + nodeId.getAsInt() + ".");
        }
    }

    /// A cluster of its own.
    public static Membership single() {
        return new Membership(1, List.of(), false, Optional.empty(), OptionalInt.empty());
    }

    /// What internal topics and new topics are created with: `min(3, intended size)`.
    public short replicationFactor() {
        return (short) Math.min(3, intendedSize);
    }

    /// How many replicas must be in sync for an acknowledgement: 2 from three nodes, else 1.
    public int minInsyncReplicas() {
        return intendedSize >= 3 ? 2 : 1;
    }

    /// Partitions of each internal topic: 8 for one node, 16 for two to five, 50 beyond.
    public int internalPartitions() {
        if (intendedSize == 1) {
            return 8;
        }
        return intendedSize <= 5 ? 16 : 50;
    }
}

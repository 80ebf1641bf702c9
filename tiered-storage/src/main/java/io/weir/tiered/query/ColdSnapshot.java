package io.weir.tiered.query;

import java.util.Map;

/// @param partitions by partition number; a partition that has nothing archived may be missing
public record ColdSnapshot(Map<Integer, ColdPartition> partitions) {
    public ColdSnapshot {
        partitions = Map.copyOf(partitions);
    }
}

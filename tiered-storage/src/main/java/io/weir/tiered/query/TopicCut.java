package io.weir.tiered.query;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/// The rows of one topic that an answer is about: per partition `from <= offset < to`, and where the halves meet.
///
/// @param partitions by partition number
public record TopicCut(SortedMap<Integer, PartitionCut> partitions) {
    public TopicCut {
        partitions = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(partitions));
    }

    static TopicCut of(Map<Integer, PartitionCut> partitions) {
        return new TopicCut(new TreeMap<>(partitions));
    }

    /// `from <= cold <= to`.
    ///
    /// @param cold first offset of the hot half
    public record PartitionCut(long from, long to, long cold) {
        public PartitionCut {
            if (from < 0 || cold < from || to < cold) {
                throw new IllegalArgumentException(
                        "Cut: 0 <= from <= cold <= to must hold, got " + from + ", " + cold + ", " + to + ".");
            }
        }
    }
}

package io.weir.streams.topology;

import java.util.List;

/// Many records of one partition as the window would have them in its store, had it seen them one by one with an empty
/// store. Takes the place of those records on their way through the topology, as one: what it changes is committed as
/// a whole, with the offset behind the last of them.
///
/// @param counts of those records
/// @param windows in the order of start and key
/// @param lateKeys keys of rows that came too late among them
record FoldedRows(FoldCounts counts, List<Window> windows, List<byte[]> lateKeys) {
    FoldedRows {
        windows = List.copyOf(windows);
        lateKeys = List.copyOf(lateKeys);
    }

    /// Whether every key belongs to that partition.
    boolean belongTo(int partition, int partitions) {
        return windows.stream().allMatch(window -> Partitioning.partition(window.key(), partitions) == partition)
                && lateKeys.stream().allMatch(key -> Partitioning.partition(key, partitions) == partition);
    }

    /// The rows of one key in one window.
    ///
    /// @param rows how many
    /// @param state of the fold
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Window(long startMillis, byte[] key, long rows, byte[] state) {}
}

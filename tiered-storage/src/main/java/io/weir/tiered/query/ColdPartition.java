package io.weir.tiered.query;

import java.util.List;

/// @param committed the next offset that is not in the files: all visible records of the log below it are
/// @param files in any order; their offset ranges may overlap after a change of leader, rows of the same offset
///     are then equal
public record ColdPartition(int partition, long committed, List<ColdFile> files) {
    public ColdPartition {
        files = List.copyOf(files);
    }
}

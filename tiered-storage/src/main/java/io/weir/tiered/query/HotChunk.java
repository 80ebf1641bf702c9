package io.weir.tiered.query;

import io.weir.log.topic.OffsetRange;
import java.nio.file.Path;
import java.util.Optional;

/// The visible records of an offset range as one immutable Parquet file. The lease count and the time of last use
/// are guarded by the lock of `HotTail`.
final class HotChunk {
    private final int partition;
    private final OffsetRange range;
    private final Optional<Path> file;
    private final long rows;
    private final long bytes;
    private final boolean full;

    int leases;
    long lastUse;

    /// Set when a larger chunk has taken its place: deleted with its last lease.
    boolean retired;

    /// @param full ended because it was full, not because no more was asked for
    /// @param file none when the range holds no visible record
    HotChunk(int partition, OffsetRange range, Optional<Path> file, long rows, long bytes, boolean full) {
        this.partition = partition;
        this.range = range;
        this.file = file;
        this.rows = rows;
        this.bytes = bytes;
        this.full = full;
    }

    int partition() {
        return partition;
    }

    OffsetRange range() {
        return range;
    }

    Optional<Path> file() {
        return file;
    }

    long rows() {
        return rows;
    }

    long bytes() {
        return bytes;
    }

    boolean isFull() {
        return full;
    }
}

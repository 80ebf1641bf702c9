package io.weir.log.topic;

/// The offsets `from <= offset < to` of one partition; empty when `from == to`.
///
/// @param from first offset inside, never negative
/// @param to first offset beyond, `from <= to`
public record OffsetRange(long from, long to) {
    public OffsetRange {
        if (from < 0 || to < from) {
            throw new IllegalArgumentException(
                    "Offset range: 0 <= from <= to must hold, got [" + from + ", " + to + ").");
        }
    }

    public boolean contains(long offset) {
        return from <= offset && offset < to;
    }

    public boolean isEmpty() {
        return from == to;
    }

    /// Number of offsets, not of records: compaction and transaction markers leave gaps.
    public long length() {
        return to - from;
    }
}

package io.weir.streams.job.compare;

import java.util.List;

/// What a version's results are in one partition of one output: ranges of topics, one after the other, of which the
/// newest row of each key counts.
///
/// @param ranges oldest first
public record ResultView(List<Range> ranges) {
    /// @param to exclusive
    public record Range(String topic, int partition, long from, long to) {
        /// Upper bound of its rows.
        long records() {
            return Math.max(0, to - from);
        }
    }

    public ResultView {
        ranges = List.copyOf(ranges);
    }

    long records() {
        return ranges.stream().mapToLong(Range::records).sum();
    }
}

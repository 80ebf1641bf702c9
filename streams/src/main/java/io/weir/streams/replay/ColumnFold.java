package io.weir.streams.replay;

import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/// Computes over the archived records of a partition in the columns they are stored in, without making records of
/// them. Whoever has an archive of columns and something that computes over them implements it; safe for use by any
/// thread; blocks.
public interface ColumnFold {
    /// Whether it can be asked here at all; empty if so, else why not.
    Optional<String> absence();

    /// Runs a query over the records from an offset on.
    ///
    /// @param to offset behind the last that may be taken, greater than `from`
    /// @throws ColdReadException when archive, store or engine do not give what they should
    Folded fold(TopicPartition partition, long from, long to, FoldQuery query);

    /// @param next offset behind the records that the query has seen: `from` when there are none in columns
    /// @param recordsUntil offsets from `next` up to here are not in columns, though they are archived
    /// @param pages the answer: lines of JSON arrays, each page whole lines
    /// @param truncated whether the answer was cut off; then it is of no use
    record Folded(long next, long recordsUntil, List<byte[]> pages, boolean truncated) {
        public Folded {
            pages = List.copyOf(pages);
        }
    }
}

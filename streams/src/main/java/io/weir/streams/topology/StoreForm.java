package io.weir.streams.topology;

import java.util.function.UnaryOperator;

/// How the entries of a store are to be read.
sealed interface StoreForm {
    /// One row per key.
    ///
    /// @param rawKeys whether the store itself knows bytes only
    /// @param row makes the row of what is stored
    record KeyValue(RowFormat keys, boolean rawKeys, UnaryOperator<Object> row) implements StoreForm {}

    /// A table with history.
    record Versioned(RowFormat keys) implements StoreForm {}

    /// A table that every process has whole.
    record Global(RowFormat keys) implements StoreForm {}

    /// Open tumbling or hopping windows.
    record Aligned(RowFormat keys, Fold fold, AlignedWindows windows) implements StoreForm {}

    /// Open sliding windows, kept as rows.
    record Sliding(RowFormat keys, RowFormat rows, Fold fold, long differenceMillis, long graceMillis)
            implements StoreForm {}

    /// Open sessions.
    record Sessions(RowFormat keys, Fold fold, long gapMillis, long graceMillis) implements StoreForm {}

    /// A store of the job's own Kafka Streams code.
    record Own() implements StoreForm {}

    /// Times, timers and rows that wait for a match.
    record Internal() implements StoreForm {}
}

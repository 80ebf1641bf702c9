package io.weir.tiered.archive;

/// Who takes the rows of a segment away that the broker has given up.
public enum RowsDelete {
    /// The plugin, at once: for brokers whose archive has no tables.
    AT_ONCE,
    /// The topic's table, when it has let go of them and no snapshot needs them any more.
    BY_TABLE
}

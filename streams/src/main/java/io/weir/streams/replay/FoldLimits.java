package io.weir.streams.replay;

/// How much is folded at a time.
///
/// @param leastOffsets fewer are not worth a query, they come record by record
/// @param mostOffsets of one query
/// @param mostWindows of one query: they are processed and committed together, so they must fit into memory, and their
///     outputs into a transaction's time
public record FoldLimits(long leastOffsets, long mostOffsets, long mostWindows) {
    /// A query costs some tens of milliseconds, as much as some thousand records on their way through the engine.
    public static final FoldLimits USUAL = new FoldLimits(5_000, 2_000_000, 100_000);
}

package io.weir.streams.job;

/// What the engine has counted of one running version since its start in this process.
///
/// @param dropped records that it left out by itself; the dead letters are among them, and behind a late gate
///     nothing
///     else is
/// @param commits of transactions, over all threads
/// @param rebalances of its group that this process took part in
/// @param abortNanos time that its transactions took to be aborted
public record RunEngine(long dropped, long commits, long rebalances, long abortNanos) {
    /// Nothing counted yet.
    public static final RunEngine NONE = new RunEngine(0, 0, 0, 0);
}

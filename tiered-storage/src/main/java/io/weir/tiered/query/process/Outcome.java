package io.weir.tiered.query.process;

/// How a statement ended in the child.
public sealed interface Outcome {
    /// @param truncated whether there were more rows than asked for
    record Done(long rows, boolean truncated) implements Outcome {}

    /// @param kind `syntax`, `invalid`, `memory`, `time`, `permission`, `file`, `internal`
    record Failed(String kind, String message) implements Outcome {}

    /// Its time was up, or DuckDB's own limit struck.
    record TimedOut() implements Outcome {}

    /// Somebody called `cancel`.
    record Cancelled() implements Outcome {}
}

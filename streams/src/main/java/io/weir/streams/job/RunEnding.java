package io.weir.streams.job;

/// The end of a run whose input has stopped: windows and joins are closed step by step, those that feed others first.
/// Between two steps what the first one has given must be taken in. Thread-safe.
public interface RunEnding {
    /// How many steps there are; 0 when nothing is ever open.
    int steps();

    /// Closes what belongs to that step and the ones before it.
    ///
    /// @param step from 1
    void close(int step);

    /// Whether that has happened in every task of this process.
    boolean closed();
}

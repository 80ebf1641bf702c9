package io.weir.streams.dsl;

import java.time.Instant;

/// What a [Step] can do while it takes one row or timer. Of no use afterwards.
///
/// @param <L> the key that goes out
/// @param <R> the row that goes out
public interface StepContext<L, R> {
    /// The event time of the row, or of the timer.
    Instant time();

    /// Passes on a row with [#time()].
    void emit(L key, R row);

    /// Passes on a row with another time.
    void emit(L key, R row, Instant time);

    /// The entries of a declared store. They belong to the task: other keys of other partitions are not
    /// there.
    <A, B> StepEntries<A, B> store(StepStore<A, B> store);

    /// Calls [Step#timer] with the present key once event time has reached `at`; at once if it has. One
    /// timer per key and millisecond. A timer sets others only for later than its own time.
    void timer(Instant at);
}

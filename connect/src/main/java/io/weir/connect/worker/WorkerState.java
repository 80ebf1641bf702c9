package io.weir.connect.worker;

import java.time.Duration;

/// Where the Connect worker of this process is in its life.
///
/// ```
/// Waiting -> Starting -> Running -> Stopped
///               |  ^        |
///               v  |        v
///              Failed <-----+      (a failed worker is built anew after a pause)
/// ```
public sealed interface WorkerState {
    /// The log does not answer yet.
    record Waiting() implements WorkerState {}

    /// The worker reads its topics and joins the group.
    record Starting() implements WorkerState {}

    /// The worker answers. Says nothing about single connectors.
    record Running() implements WorkerState {}

    /// The worker's thread has ended or could not start.
    ///
    /// @param cause one line
    /// @param retryIn pause before the next attempt
    record Failed(String cause, Duration retryIn) implements WorkerState {}

    /// Stopped for good, with the node.
    record Stopped() implements WorkerState {}
}

package io.weir.streams.job;

/// Runs versions of jobs. The only implementation owns the `KafkaStreams` objects and lives in `topology`.
///
/// Thread-safe: versions may be started from any thread and run independently of each other.
public interface Runner {
    /// Starts a version and returns at once; what happens then is told by [RunningVersion#state()]. A
    /// missing source, an unreachable log or a topic that would lose records is a [RunState.Failed], not an
    /// exception.
    ///
    /// The caller owns the result and must stop or close it; the class loader of the specification may be
    /// closed only after that.
    ///
    /// @throws io.weir.streams.dsl.PlanRefused when the plan cannot be compiled, for example because it was
    ///     read back from JSON and holds no code
    RunningVersion start(RunSpec spec);
}

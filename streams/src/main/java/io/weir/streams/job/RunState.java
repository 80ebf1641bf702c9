package io.weir.streams.job;

/// The state of a version in this process.
///
/// ```
/// Starting -> Restoring -> Running -> Stopped
///     \___________\___________\____-> Failed
/// ```
///
/// `Running` may fall back to `Restoring` when partitions move between nodes.
public sealed interface RunState {
    /// Sources and outputs are being checked, or the group is being joined.
    record Starting() implements RunState {}

    /// Local state is being rebuilt from the changelogs.
    ///
    /// @param remaining records still to be read, at least 0
    record Restoring(long remaining) implements RunState {}

    /// Records are being processed.
    record Running() implements RunState {}

    /// Ended by an error; nothing runs any more, nothing that was committed is lost.
    ///
    /// @param owner who has to act
    /// @param operator the name of the stage, or the topic, that failed; empty when unknown
    /// @param position the record it failed at, `topic-partition@offset`; empty when no record is to blame
    /// @param cause one sentence for the user, with the fix if known
    record Failed(Owner owner, String operator, String position, String cause) implements RunState {}

    /// Stopped on request.
    record Stopped() implements RunState {}

    /// Who has to act on a failure.
    enum Owner {
        /// The job's author or the caller.
        USER,
        /// Something the job depends on: the log, a source.
        EXTERNAL,
        /// Weir itself.
        INTERNAL
    }
}

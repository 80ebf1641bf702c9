package io.weir.log.engine;

import io.weir.log.fault.Whose;
import java.time.Duration;

/// What a node is doing.
///
/// ``` Stopped -> Locked -> Formatting -> WaitingForQuorum -> CatchingUp -> Running -> Draining -> Stopping ->
/// Stopped any of them before Running -> Failed
/// ```
public sealed interface NodeState {
    /// For a person: `WaitingForQuorum(1 of 2)`.
    default String summary() {
        return switch (this) {
            case Stopped stopped -> "Stopped";
            case Locked locked -> "Locked";
            case Formatting formatting -> "Formatting";
            case WaitingForQuorum waiting -> "WaitingForQuorum(" + waiting.seen() + " of " + waiting.needed() + ")";
            case CatchingUp catching -> "CatchingUp(" + catching.lag() + " behind)";
            case Running running -> "Running";
            case Draining draining -> "Draining(" + draining.partitionsLeft() + " partitions left)";
            case Stopping stopping -> "Stopping(within " + stopping.within().toSeconds() + " s)";
            case Failed failed -> "Failed(" + failed.code() + ": " + failed.cause() + ")";
        };
    }

    /// Not started, or stopped and the lock released.
    record Stopped() implements NodeState {}

    /// The data directory is ours; nothing has been opened yet.
    record Locked() implements NodeState {}

    /// An empty directory is being given its identity.
    record Formatting() implements NodeState {}

    /// No leader of the metadata quorum is known yet.
    ///
    /// @param seen controllers that answer, this one included
    /// @param needed how many must
    record WaitingForQuorum(int seen, int needed) implements NodeState {}

    /// The quorum leads, this node still reads what it missed.
    ///
    /// @param lag metadata records not yet applied
    record CatchingUp(long lag) implements NodeState {}

    /// The node serves.
    record Running() implements NodeState {}

    /// A stop was asked for; leadership moves to other nodes.
    ///
    /// @param partitionsLeft partitions this node still leads
    record Draining(int partitionsLeft) implements NodeState {}

    /// The engine closes what it has open.
    ///
    /// @param within what was given for it
    record Stopping(Duration within) implements NodeState {}

    /// The start ended for good.
    ///
    /// @param code stable code as of `WeirException`
    /// @param whose who has to act
    /// @param cause one line for a person
    record Failed(String code, Whose whose, String cause) implements NodeState {}
}

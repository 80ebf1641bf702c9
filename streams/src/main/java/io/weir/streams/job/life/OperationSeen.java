package io.weir.streams.job.life;

import io.weir.streams.job.registry.Operation;
import java.util.Optional;

/// An operation of a job that may be gone by now.
///
/// @param removal what a finished delete has removed and kept
/// @param run the operation's version on this node; empty while it does not run here
public record OperationSeen(String job, Operation operation, Optional<Removal> removal, Optional<LocalRun> run) {}

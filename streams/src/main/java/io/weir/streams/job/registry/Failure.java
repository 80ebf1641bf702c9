package io.weir.streams.job.registry;

import io.weir.log.fault.Whose;

/// Why a version does not run.
///
/// @param owner who has to act
/// @param operator the path of the operator in the plan, or empty when none is to blame
/// @param position the record that was at hand, as `topic-partition@offset`, or empty
/// @param cause one sentence
/// @param fix what to do, or empty
public record Failure(Whose owner, String operator, String position, String cause, String fix) {}

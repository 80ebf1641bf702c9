package io.weir.streams.job;

import io.weir.streams.dsl.Plan;
import io.weir.streams.replay.RecordTime;
import java.util.Optional;
import java.util.function.Function;

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

    /// Why the history of a plan cannot be folded from columns (tier T3): the first rule that does not hold, with its
    /// stage; empty if it can be.
    default Optional<String> foldRefusal(Plan plan) {
        return Optional.of("this runner folds no columns");
    }

    /// Why this runner folds no columns; empty if it can.
    default Optional<String> foldAbsence() {
        return Optional.of("nothing here folds columns");
    }

    /// How to tell the event time of a topic's records, as a version of that plan will.
    default Function<String, RecordTime> eventTimes(Plan plan) {
        return topic -> RecordTime.TIMESTAMP;
    }
}

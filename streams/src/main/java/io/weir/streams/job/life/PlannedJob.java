package io.weir.streams.job.life;

import io.weir.streams.job.registry.JobName;
import io.weir.streams.job.registry.PlanNote;
import io.weir.streams.replay.ReplayTier;
import java.util.Map;
import java.util.Optional;

/// A job that could be deployed: its code loads, its plan is accepted, its sources exist.
///
/// @param compiler what compiled the class, as its jar tells; empty when it does not
/// @param version the number it would get
/// @param diff what it changes of the live version; empty for a new job
/// @param history records that a replay would read, by source topic; empty when none is needed
/// @param tier where it would read them
/// @param liveCompiler what compiled the live version; empty when unknown
public record PlannedJob(
        JobName name,
        String className,
        String compiler,
        Map<String, String> config,
        PlanNote plan,
        int version,
        Optional<PlanDiff> diff,
        Map<String, Long> history,
        ReplayTier tier,
        String liveCompiler) {
    public PlannedJob {
        config = Map.copyOf(config);
        history = Map.copyOf(history);
    }

    /// Whether lambdas may have got other fingerprints without being changed.
    public boolean otherCompiler() {
        return !compiler.isEmpty() && !liveCompiler.isEmpty() && !compiler.equals(liveCompiler);
    }

    PlannedJob against(int number, String liveCompiler, PlanDiff changes, Map<String, Long> records, ReplayTier where) {
        return new PlannedJob(
                name, className, compiler, config, plan, number, Optional.of(changes), records, where, liveCompiler);
    }
}

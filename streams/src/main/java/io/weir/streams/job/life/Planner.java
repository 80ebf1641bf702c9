package io.weir.streams.job.life;

import io.weir.streams.dsl.Plan;
import io.weir.streams.job.artifact.JobCode;
import io.weir.streams.job.registry.JobName;
import io.weir.streams.replay.ReplayTier;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Makes plans of jars, without storing anything. Safe for use by any thread.
final class Planner {
    private final PlanCheck check;
    private final int newestJava;
    private final Function<Plan, Optional<String>> foldRefusal;

    /// @param foldRefusal why the history of a plan cannot be folded from columns; empty if it can be
    Planner(PlanCheck check, int newestJava, Function<Plan, Optional<String>> foldRefusal) {
        this.check = check;
        this.foldRefusal = foldRefusal;
        this.newestJava = newestJava;
    }

    /// @throws io.weir.log.fault.WeirException naming the first thing that stands in the way
    PlannedJob plan(DeployRequest request) {
        JobConfig config = new JobConfig(request.config());
        try (JobCode code = JobCode.open(request.jarName(), request.jar(), newestJava)) {
            String className = code.chooseClass(request.className());
            String given = request.job();
            JobName name = given == null || given.isBlank() ? JobName.ofClass(className) : new JobName(given);
            Plan plan = code.plan(name.value(), className);
            check.check(name.value(), plan);
            return new PlannedJob(
                    name,
                    className,
                    code.compiler(),
                    config.values(),
                    PlanNotes.of(plan, foldRefusal.apply(plan)),
                    1,
                    Optional.empty(),
                    Map.of(),
                    ReplayTier.T1,
                    "");
        }
    }
}

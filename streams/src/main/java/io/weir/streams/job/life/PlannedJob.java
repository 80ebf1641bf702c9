package io.weir.streams.job.life;

import io.weir.streams.job.registry.JobName;
import io.weir.streams.job.registry.PlanNote;
import java.util.Map;

/// A job that could be deployed: its code loads, its plan is accepted, its sources exist.
public record PlannedJob(JobName name, String className, Map<String, String> config, PlanNote plan) {
    public PlannedJob {
        config = Map.copyOf(config);
    }
}

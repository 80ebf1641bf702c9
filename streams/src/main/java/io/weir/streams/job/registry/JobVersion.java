package io.weir.streams.job.registry;

import java.time.Instant;
import java.util.Map;

/// One artifact with one configuration under one job name.
///
/// @param number from 1
/// @param artifact the jar's SHA-256
/// @param className the job class
/// @param config what the user has set, `weir.job.*` and Kafka settings
/// @param applicationId see [JobName#applicationId]
/// @param restarts automatic restarts since it last ran for a while
public record JobVersion(
        int number,
        String artifact,
        String className,
        Map<String, String> config,
        String applicationId,
        PlanNote plan,
        Instant created,
        JobState state,
        int restarts) {
    public JobVersion {
        config = Map.copyOf(config);
    }

    JobVersion in(JobState next) {
        return new JobVersion(number, artifact, className, config, applicationId, plan, created, next, restarts);
    }

    JobVersion withRestarts(int count) {
        return new JobVersion(number, artifact, className, config, applicationId, plan, created, state, count);
    }
}

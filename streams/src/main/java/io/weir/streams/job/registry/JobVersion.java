package io.weir.streams.job.registry;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One artifact with one configuration under one job name.
///
/// @param number from 1
/// @param artifact the jar's SHA-256
/// @param compiler what compiled the job class, as its jar tells; empty when it does not
/// @param className the job class
/// @param config what the user has set, `weir.job.*` and Kafka settings
/// @param applicationId see [JobName#applicationId]; of a version that took over another's state, the other's
/// @param restarts automatic restarts since it last ran for a while
/// @param replay how it read, or reads, history; null when it never replayed
public record JobVersion(
        int number,
        String artifact,
        String compiler,
        String className,
        Map<String, String> config,
        String applicationId,
        PlanNote plan,
        Instant created,
        JobState state,
        int restarts,
        Outputs outputs,
        @Nullable Replay replay) {
    public JobVersion {
        config = Map.copyOf(config);
    }

    /// A version that was never started.
    public static JobVersion planned(
            JobName job,
            int number,
            String artifact,
            String compiler,
            String className,
            Map<String, String> config,
            PlanNote plan,
            Instant at) {
        return new JobVersion(
                number,
                artifact,
                compiler,
                className,
                config,
                job.applicationId(number),
                plan,
                at,
                new JobState.Planned(at),
                0,
                Outputs.REAL,
                null);
    }

    JobVersion in(JobState next) {
        return new JobVersion(
                number,
                artifact,
                compiler,
                className,
                config,
                applicationId,
                plan,
                created,
                next,
                restarts,
                outputs,
                replay);
    }

    JobVersion withRestarts(int count) {
        return new JobVersion(
                number,
                artifact,
                compiler,
                className,
                config,
                applicationId,
                plan,
                created,
                state,
                count,
                outputs,
                replay);
    }

    JobVersion withOutputs(Outputs next) {
        return new JobVersion(
                number,
                artifact,
                compiler,
                className,
                config,
                applicationId,
                plan,
                created,
                state,
                restarts,
                next,
                replay);
    }

    JobVersion withReplay(Replay next) {
        return new JobVersion(
                number,
                artifact,
                compiler,
                className,
                config,
                applicationId,
                plan,
                created,
                state,
                restarts,
                outputs,
                next);
    }

    JobVersion withApplicationId(String next) {
        return new JobVersion(
                number, artifact, compiler, className, config, next, plan, created, state, restarts, outputs, replay);
    }
}

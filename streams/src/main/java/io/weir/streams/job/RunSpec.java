package io.weir.streams.job;

import io.weir.streams.dsl.Plan;
import java.nio.file.Path;
import java.util.Map;

/// What it takes to run one version of a job.
///
/// @param job the name of the job; names its dead letter topic `<job>.dlq`
/// @param version counted from 1
/// @param applicationId names the consumer group, the internal topics and the transactional ids:
///     `<job>.v<n>`
/// @param plan a plan that was made from a job class of `classes` in this process
/// @param classes the loader of the job's classes; becomes the context class loader of the stream threads
/// @param clientProperties how to reach the log: `bootstrap.servers` and security settings; further Kafka
///     Streams settings given here win over the runner's own
/// @param stateDirectory the folder for local state; may hold the state of other versions too
/// @param threads stream threads, at least 1
/// @param replicationFactor of the topics that the version creates, at least 1
public record RunSpec(
        String job,
        int version,
        String applicationId,
        Plan plan,
        ClassLoader classes,
        Map<String, Object> clientProperties,
        Path stateDirectory,
        int threads,
        short replicationFactor) {
    public RunSpec {
        clientProperties = Map.copyOf(clientProperties);
        if (threads < 1) {
            throw new IllegalArgumentException("Job '" + job + "': threads must be at least 1, got " + threads + ".");
        }
    }
}

package io.weir.streams.job;

import io.weir.streams.dsl.Plan;
import io.weir.streams.replay.ReplaySettings;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

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
/// @param outputs topic by output of the plan; an output that is missing is written as it is called
/// @param history how history is read; null to go on where the group has committed
/// @param end of a run that comes to an end; null to go on for ever
public record RunSpec(
        String job,
        int version,
        String applicationId,
        Plan plan,
        ClassLoader classes,
        Map<String, Object> clientProperties,
        Path stateDirectory,
        int threads,
        short replicationFactor,
        Map<String, String> outputs,
        @Nullable ReplaySettings history,
        @Nullable RunEnd end) {
    public RunSpec {
        clientProperties = Map.copyOf(clientProperties);
        outputs = Map.copyOf(outputs);
        if (threads < 1) {
            throw new IllegalArgumentException("Job '" + job + "': threads must be at least 1, got " + threads + ".");
        }
    }

    /// The plan of a job as its first version: on one thread, into the plan's own outputs, for ever.
    public static RunSpec of(Plan plan, ClassLoader classes, Map<String, Object> clientProperties, Path state) {
        return new RunSpec(
                plan.job(),
                1,
                plan.job() + ".v1",
                plan,
                classes,
                clientProperties,
                state,
                1,
                (short) 1,
                Map.of(),
                null,
                null);
    }

    /// Another number, and the application id that goes with it.
    public RunSpec version(int number) {
        return new RunSpec(
                job,
                number,
                job + ".v" + number,
                plan,
                classes,
                clientProperties,
                stateDirectory,
                threads,
                replicationFactor,
                outputs,
                history,
                end);
    }

    public RunSpec threads(int count) {
        return new RunSpec(
                job,
                version,
                applicationId,
                plan,
                classes,
                clientProperties,
                stateDirectory,
                count,
                replicationFactor,
                outputs,
                history,
                end);
    }

    /// Written elsewhere.
    public RunSpec into(Map<String, String> topics) {
        return new RunSpec(
                job,
                version,
                applicationId,
                plan,
                classes,
                clientProperties,
                stateDirectory,
                threads,
                replicationFactor,
                topics,
                history,
                end);
    }

    public RunSpec reading(@Nullable ReplaySettings settings) {
        return new RunSpec(
                job,
                version,
                applicationId,
                plan,
                classes,
                clientProperties,
                stateDirectory,
                threads,
                replicationFactor,
                outputs,
                settings,
                end);
    }

    /// The same code as an application of its own that comes to an end.
    public RunSpec until(String group, RunEnd atLast) {
        return new RunSpec(
                job,
                version,
                group,
                plan,
                classes,
                clientProperties,
                stateDirectory,
                threads,
                replicationFactor,
                outputs,
                history,
                atLast);
    }

    /// Where rows go that it cannot process.
    public String deadLetters() {
        return end == null ? job + ".dlq" : end.deadLetters();
    }

    /// The topic that an output of the plan is written to.
    public String topicOf(String output) {
        return outputs.getOrDefault(output, output);
    }
}

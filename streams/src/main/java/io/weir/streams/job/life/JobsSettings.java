package io.weir.streams.job.life;

import java.nio.file.Path;
import java.time.Duration;

/// How this node runs jobs.
///
/// @param threads stream threads of a job that does not say otherwise, at least 1
/// @param stateDirectory local state, one folder per version; may be deleted while the node is down, then
///     state
///     is restored from the changelogs
/// @param artifactDirectory copies of job jars; may be deleted while the node is down
/// @param newestJava feature release of the running Java: the newest class files that a job may bring
/// @param tick how often the registry is compared with what runs
/// @param stopTimeout how long a job may take to stop cleanly
/// @param address `host:port` where other nodes reach this one over HTTP; empty when there is none
public record JobsSettings(
        int threads,
        Path stateDirectory,
        Path artifactDirectory,
        int newestJava,
        Duration tick,
        Duration stopTimeout,
        String address) {
    /// A node that others do not ask for its state.
    public JobsSettings(
            int threads,
            Path stateDirectory,
            Path artifactDirectory,
            int newestJava,
            Duration tick,
            Duration stopTimeout) {
        this(threads, stateDirectory, artifactDirectory, newestJava, tick, stopTimeout, "");
    }

    /// The same, with the address that is known once HTTP answers.
    public JobsSettings at(String reachedAt) {
        return new JobsSettings(threads, stateDirectory, artifactDirectory, newestJava, tick, stopTimeout, reachedAt);
    }

    public JobsSettings {
        if (threads < 1) {
            throw new IllegalArgumentException("Setting 'weir.jobs.threads': must be at least 1, got " + threads + ".");
        }
    }

    /// The folder of one version's state.
    public Path stateOf(String applicationId) {
        return stateDirectory.resolve(applicationId);
    }
}

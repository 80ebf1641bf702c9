package io.weir.streams.job.life;

import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a user sends to deploy or to plan a job.
///
/// @param job null takes the class name in kebab case
/// @param className null takes the only job class of the jar
/// @param config see [JobConfig]
/// @param jarName how messages call the jar
/// @param jar a local file, read during the call only
public record DeployRequest(
        @Nullable String job, @Nullable String className, Map<String, String> config, String jarName, Path jar) {
    public DeployRequest {
        config = Map.copyOf(config);
    }

    /// The same under a job's name.
    DeployRequest named(String name) {
        return new DeployRequest(name, className, config, jarName, jar);
    }
}

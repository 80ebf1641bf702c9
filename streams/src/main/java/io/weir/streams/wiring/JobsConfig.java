package io.weir.streams.wiring;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import io.smallrye.config.WithName;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/// `weir.jobs.*`.
@ConfigMapping(prefix = "weir.jobs")
public interface JobsConfig {
    /// Stream threads of each job on this node, unless the job says `weir.job.threads`; at least 1.
    @WithDefault("1")
    int threads();

    /// Folder for local state, one folder per version. Default `<data>/jobs/state`.
    @WithName("state.dir")
    Optional<Path> stateDir();

    /// How long a job may take to stop cleanly before its threads are left behind.
    @WithName("stop.timeout")
    @WithDefault("10s")
    Duration stopTimeout();

    /// Memory outside the heap for the state stores of all jobs of this node together, for example `256M`.
    @WithName("memory.rocksdb")
    Optional<MemorySize> memoryRocksdb();

    /// Memory on the heap that one replay may take for archived records, for example `256M`.
    @WithName("replay.memory")
    Optional<MemorySize> replayMemory();

    /// Root of a Confluent-compatible schema registry, for jobs that read Avro.
    @WithName("registry.url")
    Optional<URI> registryUrl();

    /// Where other nodes reach this one's HTTP, for state that they are asked for and this one has.
    @WithName("rest.url")
    Optional<URI> restUrl();
}

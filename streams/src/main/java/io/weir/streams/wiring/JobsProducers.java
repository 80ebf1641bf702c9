package io.weir.streams.wiring;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.configuration.MemorySize;
import io.weir.log.cluster.KnownSettings;
import io.weir.streams.job.Runner;
import io.weir.streams.topology.KafkaStreamsRunner;
import io.weir.streams.topology.RegistrySchemas;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/// What the jobs contribute to the rest of the node.
@Singleton
public class JobsProducers {
    private static final Duration REGISTRY_DEADLINE = Duration.ofSeconds(5);

    @Produces
    @Singleton
    Runner runner(JobsConfig config) {
        Clock clock = Clock.systemUTC();
        long rocksDbBytes =
                config.memoryRocksdb().map(MemorySize::asLongValue).orElse(KafkaStreamsRunner.ROCKSDB_BYTES);
        return config.registryUrl()
                .map(registry ->
                        new KafkaStreamsRunner(clock, rocksDbBytes, new RegistrySchemas(registry, REGISTRY_DEADLINE)))
                .orElseGet(() -> new KafkaStreamsRunner(clock, rocksDbBytes));
    }

    @Produces
    @Singleton
    @Unremovable
    KnownSettings knownSettings() {
        return KnownSettings.of(
                "weir.jobs.threads",
                "weir.jobs.state.dir",
                "weir.jobs.stop.timeout",
                "weir.jobs.memory.rocksdb",
                "weir.jobs.registry.url");
    }
}

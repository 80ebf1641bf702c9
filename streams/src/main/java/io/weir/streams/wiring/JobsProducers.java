package io.weir.streams.wiring;

import io.quarkus.arc.Unremovable;
import io.quarkus.runtime.configuration.MemorySize;
import io.weir.log.cluster.KnownSettings;
import io.weir.streams.job.Runner;
import io.weir.streams.replay.ColdReader;
import io.weir.streams.replay.ColdSource;
import io.weir.streams.replay.ColumnFold;
import io.weir.streams.replay.FoldLimits;
import io.weir.streams.topology.KafkaStreamsRunner;
import io.weir.streams.topology.RegistrySchemas;
import io.weir.streams.topology.SchemaLookup;
import jakarta.enterprise.inject.Instance;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;

/// What the jobs contribute to the rest of the node.
@Singleton
public class JobsProducers {
    private static final long REPLAY_BYTES_AT_MOST = 512L << 20;
    private static final Duration REGISTRY_DEADLINE = Duration.ofSeconds(5);

    @Produces
    @Singleton
    Runner runner(JobsConfig config, Instance<ColdReader> archive, Instance<ColumnFold> columns) {
        Clock clock = Clock.systemUTC();
        ColdSource cold = archive.isResolvable() ? new ColdSource(archive.get(), replayBytes(config)) : null;
        if (cold != null && columns.isResolvable()) {
            cold = cold.foldedBy(columns.get(), FoldLimits.USUAL);
        }
        SchemaLookup schemas = config.registryUrl()
                .<SchemaLookup>map(registry -> new RegistrySchemas(registry, REGISTRY_DEADLINE))
                .orElse(KafkaStreamsRunner.NO_SCHEMAS);
        long rocksDbBytes =
                config.memoryRocksdb().map(MemorySize::asLongValue).orElse(KafkaStreamsRunner.ROCKSDB_BYTES);
        return new KafkaStreamsRunner(clock, rocksDbBytes, schemas, cold);
    }

    /// Enough for a row group of each of several partitions, beside all else that a node does.
    private static long replayBytes(JobsConfig config) {
        return config.replayMemory()
                .map(MemorySize::asLongValue)
                .orElse(Math.min(REPLAY_BYTES_AT_MOST, Runtime.getRuntime().maxMemory() / 4));
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
                "weir.jobs.replay.memory",
                "weir.jobs.registry.url",
                "weir.jobs.rest.url");
    }
}

package io.weir.streams.wiring;

import io.quarkus.arc.Unremovable;
import io.weir.log.cluster.KnownSettings;
import io.weir.streams.job.Runner;
import io.weir.streams.topology.KafkaStreamsRunner;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;

/// What the jobs contribute to the rest of the node.
@Singleton
public class JobsProducers {
    @Produces
    @Singleton
    Runner runner(JobsConfig config) {
        Clock clock = Clock.systemUTC();
        return config.memoryRocksdb()
                .map(size -> new KafkaStreamsRunner(clock, size.asLongValue()))
                .orElseGet(() -> new KafkaStreamsRunner(clock));
    }

    @Produces
    @Singleton
    @Unremovable
    KnownSettings knownSettings() {
        return KnownSettings.of(
                "weir.jobs.threads", "weir.jobs.state.dir", "weir.jobs.stop.timeout", "weir.jobs.memory.rocksdb");
    }
}

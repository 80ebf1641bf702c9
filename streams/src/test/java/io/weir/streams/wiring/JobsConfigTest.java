package io.weir.streams.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.SmallRyeConfigBuilder;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class JobsConfigTest {
    private static final Map<String, String> ALL = Map.of(
            "weir.jobs.threads", "3",
            "weir.jobs.state.dir", "/var/lib/weir/state",
            "weir.jobs.stop.timeout", "25s",
            "weir.jobs.memory.rocksdb", "256M",
            "weir.jobs.replay.memory", "64M",
            "weir.jobs.registry.url", "http://registry:8081",
            "weir.jobs.rest.url", "http://node-2:8080/");

    @Test
    void everySettingHasADefault() {
        JobsConfig config = config(Map.of());

        assertThat(config.threads()).isEqualTo(1);
        assertThat(config.stateDir()).isEmpty();
        assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.memoryRocksdb()).isEmpty();
        assertThat(config.replayMemory()).isEmpty();
        assertThat(config.registryUrl()).isEmpty();
        assertThat(config.restUrl()).isEmpty();
    }

    @Test
    void everySettingIsMapped() {
        JobsConfig config = config(ALL);

        assertThat(config.threads()).isEqualTo(3);
        assertThat(config.stateDir()).contains(Path.of("/var/lib/weir/state"));
        assertThat(config.stopTimeout()).isEqualTo(Duration.ofSeconds(25));
        assertThat(config.memoryRocksdb()).map(size -> size.asLongValue()).contains(256L << 20);
        assertThat(config.replayMemory()).map(size -> size.asLongValue()).contains(64L << 20);
        assertThat(config.registryUrl()).contains(URI.create("http://registry:8081"));
        assertThat(config.restUrl()).contains(URI.create("http://node-2:8080/"));
    }

    @Test
    void everySettingIsAnnouncedAsKnown() {
        Set<String> known = new JobsProducers().knownSettings().names();

        assertThat(known).isEqualTo(ALL.keySet());
        assertThat(known).hasSize(JobsConfig.class.getDeclaredMethods().length);
    }

    private static JobsConfig config(Map<String, String> values) {
        return new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withMapping(JobsConfig.class)
                .withDefaultValues(values)
                .build()
                .getConfigMapping(JobsConfig.class);
    }
}

package io.weir.tiered.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ArchiveConfigTest {
    @Test
    void oneNodeArchivesIntoItsOwnFolder() {
        assertThat(config(Map.of()).off()).isEmpty();
        assertThat(config(Map.of()).byDefault()).isTrue();
    }

    @Test
    void severalNodesNeedAPlaceThatAllOfThemReach() {
        assertThat(config(Map.of("weir.cluster.size", "3")).off())
                .hasValueSatisfying(reason -> assertThat(reason).contains("3 nodes", "weir.archive.uri"));
        assertThat(config(Map.of("weir.cluster.size", "3", "weir.archive.uri", "file:/shared/lake"))
                        .off())
                .isEmpty();
    }

    @Test
    void topicsOfAnExternalLogAreLeftAlone() {
        assertThat(config(Map.of("weir.log.mode", "external")).off()).isPresent();
        assertThat(config(Map.of("weir.log.mode", "external")).byDefault()).isFalse();
    }

    private static ArchiveConfig config(Map<String, String> settings) {
        return new ArchiveConfig(new SmallRyeConfigBuilder()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build());
    }
}

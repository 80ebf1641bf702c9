package io.weir.tiered.wiring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.smallrye.config.PropertiesConfigSource;
import io.smallrye.config.SmallRyeConfigBuilder;
import io.weir.log.fault.WeirException;
import io.weir.tiered.table.Compaction;
import io.weir.tiered.table.ForeignCatalog;
import io.weir.tiered.table.Upkeep;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LakeConfigTest {
    private static LakeConfig config(Map<String, String> settings) {
        return new LakeConfig(new SmallRyeConfigBuilder()
                .addDiscoveredConverters()
                .withSources(new PropertiesConfigSource(settings, "test", 100))
                .build());
    }

    @Test
    void everySettingHasItsDefault() {
        LakeConfig config = config(Map.of());

        config.check();
        assertThat(config.interval()).isEqualTo(Duration.ofSeconds(10));
        assertThat(config.segments()).isEqualTo(64);
        assertThat(config.upkeepInterval()).isEqualTo(Duration.ofHours(1));
        assertThat(config.upkeep()).isEqualTo(new Upkeep.Settings(Duration.ofDays(7), Duration.ofHours(1), 1000, 64));
        assertThat(config.compaction()).isEqualTo(new Compaction.Settings(true, 128L * 1024 * 1024, 8));
    }

    private static Map<String, String> settings(String... namesAndValues) {
        Map<String, String> settings = new HashMap<>();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            settings.put(namesAndValues[i], namesAndValues[i + 1]);
        }
        return settings;
    }

    @Test
    void everySettingIsRead() {
        LakeConfig config = config(settings(
                "weir.lake.catalog", "weir",
                "weir.lake.commit.interval", "500ms",
                "weir.lake.commit.segments", "3",
                "weir.lake.upkeep.interval", "2m",
                "weir.lake.snapshots.keep", "1d",
                "weir.lake.dropped.keep", "2h",
                "weir.lake.snapshots.most", "5",
                "weir.lake.manifests.most", "6",
                "weir.lake.compaction.enabled", "false",
                "weir.lake.compaction.bytes", "1K",
                "weir.lake.compaction.files", "3"));

        config.check();
        assertThat(config.interval()).isEqualTo(Duration.ofMillis(500));
        assertThat(config.segments()).isEqualTo(3);
        assertThat(config.upkeepInterval()).isEqualTo(Duration.ofMinutes(2));
        assertThat(config.upkeep()).isEqualTo(new Upkeep.Settings(Duration.ofDays(1), Duration.ofHours(2), 5, 6));
        assertThat(LakeConfig.known().names()).hasSize(11);
        assertThat(config.compaction()).isEqualTo(new Compaction.Settings(false, 1024, 3));
    }

    @Test
    void aRestCatalogGetsItsProperties() {
        LakeConfig config = config(Map.of(
                "weir.lake.catalog", "rest",
                "weir.lake.catalog.uri", "http://catalog:8181",
                "weir.lake.catalog.warehouse", "w"));

        assertThat(config.foreignCatalog())
                .contains(new ForeignCatalog(
                        ForeignCatalog.Kind.REST, Map.of("uri", "http://catalog:8181", "warehouse", "w")));
        assertThat(config(Map.of()).foreignCatalog()).isEmpty();
        assertThat(LakeConfig.known().openPrefixes()).containsExactly("weir.lake.catalog.");
    }

    @Test
    void aDatabaseIsACatalogToo() {
        Map<String, String> settings = Map.of(
                "weir.lake.catalog", "jdbc",
                "weir.lake.catalog.uri", "jdbc:postgresql://db/lake",
                "weir.lake.catalog.jdbc.user", "weir");

        assertThat(config(settings).foreignCatalog())
                .contains(new ForeignCatalog(
                        ForeignCatalog.Kind.JDBC, Map.of("uri", "jdbc:postgresql://db/lake", "jdbc.user", "weir")));
    }

    @Test
    void anAddressOfTheWrongKindIsRefusedWithoutRepeatingIt() {
        Map<String, String> settings =
                Map.of("weir.lake.catalog", "jdbc", "weir.lake.catalog.uri", "postgresql://weir:secret@db/lake");

        assertThatThrownBy(() -> config(settings).check())
                .isInstanceOf(WeirException.class)
                .hasMessageContaining("'weir.lake.catalog.uri'")
                .hasMessageContaining("begin with 'jdbc:'")
                .hasMessageNotContaining("secret");
    }

    @ParameterizedTest
    @CsvSource({
        "weir.lake.catalog, rest",
        "weir.lake.catalog, hive",
        "weir.lake.catalog, jdbc",
        "weir.lake.commit.interval, 0s",
        "weir.lake.commit.interval, soon",
        "weir.lake.commit.segments, 0",
        "weir.lake.snapshots.keep, -1s",
        "weir.lake.compaction.bytes, 0",
        "weir.lake.compaction.files, 1",
        "weir.lake.manifests.most, many"
    })
    void aWrongValueIsNamed(String name, String value) {
        assertThatThrownBy(() -> config(Map.of(name, value)).check())
                .isInstanceOf(WeirException.class)
                .hasMessageContaining(name)
                .hasMessageContaining(value.equals("0s") ? "PT0S" : value.equals("-1s") ? "PT-1S" : value);
    }
}

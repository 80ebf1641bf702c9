package io.weir.tiered.wiring;

import io.weir.log.cluster.KnownSettings;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.table.Upkeep;
import java.time.Duration;
import org.eclipse.microprofile.config.Config;

/// `weir.lake.*` as it stands in files, environment and on the command line; `weir.lake.namespace` is the
/// archive's.
final class LakeConfig {
    static final String CATALOG = "weir.lake.catalog";
    static final String INTERVAL = "weir.lake.commit.interval";
    static final String SEGMENTS = "weir.lake.commit.segments";
    static final String UPKEEP = "weir.lake.upkeep.interval";
    static final String KEEP = "weir.lake.snapshots.keep";
    static final String MOST_SNAPSHOTS = "weir.lake.snapshots.most";
    static final String MOST_MANIFESTS = "weir.lake.manifests.most";

    private final Config config;

    LakeConfig(Config config) {
        this.config = config;
    }

    static KnownSettings known() {
        return KnownSettings.of(CATALOG, INTERVAL, SEGMENTS, UPKEEP, KEEP, MOST_SNAPSHOTS, MOST_MANIFESTS);
    }

    /// @throws WeirException `setting-invalid`
    void check() {
        String catalog = value(CATALOG, String.class, "weir");
        if (!catalog.equals("weir")) {
            throw invalid(
                    CATALOG,
                    "must be 'weir', got '" + catalog + "'. Other catalogs cannot be written to yet; engines read this"
                            + " node's at /iceberg/v1.");
        }
        Duration unused = interval();
        int unusedSegments = segments();
        Duration unusedUpkeep = upkeepInterval();
        Upkeep.Settings unusedSettings = upkeep();
    }

    Duration interval() {
        return positive(INTERVAL, Duration.ofSeconds(10));
    }

    int segments() {
        return positive(SEGMENTS, 64);
    }

    Duration upkeepInterval() {
        return positive(UPKEEP, Duration.ofHours(1));
    }

    Upkeep.Settings upkeep() {
        return new Upkeep.Settings(
                positive(KEEP, Duration.ofDays(7)), positive(MOST_SNAPSHOTS, 1_000), positive(MOST_MANIFESTS, 64));
    }

    private Duration positive(String name, Duration otherwise) {
        Duration value = value(name, Duration.class, otherwise);
        if (!value.isPositive()) {
            throw invalid(name, "must be positive, got " + value + ".");
        }
        return value;
    }

    private int positive(String name, int otherwise) {
        int value = value(name, Integer.class, otherwise);
        if (value < 1) {
            throw invalid(name, "must be positive, got " + value + ".");
        }
        return value;
    }

    private <T> T value(String name, Class<T> type, T otherwise) {
        try {
            return config.getOptionalValue(name, type).orElse(otherwise);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    name,
                    "must be a " + type.getSimpleName() + ", got '"
                            + config.getConfigValue(name).getValue() + "'.");
        }
    }

    private static WeirException invalid(String name, String rule) {
        return new WeirException("setting-invalid", Whose.USER, "Setting '" + name + "': " + rule);
    }
}

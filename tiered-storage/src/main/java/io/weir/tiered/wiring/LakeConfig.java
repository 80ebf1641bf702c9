package io.weir.tiered.wiring;

import io.quarkus.runtime.configuration.MemorySize;
import io.weir.log.cluster.KnownSettings;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.table.Compaction;
import io.weir.tiered.table.ForeignCatalog;
import io.weir.tiered.table.Upkeep;
import java.math.BigInteger;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.eclipse.microprofile.config.Config;

/// `weir.lake.*` as it stands in files, environment and on the command line; `weir.lake.namespace` is the
/// archive's.
final class LakeConfig {
    static final String CATALOG = "weir.lake.catalog";
    static final String CATALOG_PREFIX = "weir.lake.catalog.";
    static final String INTERVAL = "weir.lake.commit.interval";
    static final String SEGMENTS = "weir.lake.commit.segments";
    static final String UPKEEP = "weir.lake.upkeep.interval";
    static final String KEEP = "weir.lake.snapshots.keep";
    static final String KEEP_DROPPED = "weir.lake.dropped.keep";
    static final String MOST_SNAPSHOTS = "weir.lake.snapshots.most";
    static final String MOST_MANIFESTS = "weir.lake.manifests.most";
    static final String COMPACTION = "weir.lake.compaction.enabled";
    static final String COMPACTION_BYTES = "weir.lake.compaction.bytes";
    static final String COMPACTION_FILES = "weir.lake.compaction.files";

    private final Config config;

    LakeConfig(Config config) {
        this.config = config;
    }

    static KnownSettings known() {
        return new KnownSettings() {
            @Override
            public Set<String> names() {
                return Set.of(
                        CATALOG,
                        INTERVAL,
                        SEGMENTS,
                        UPKEEP,
                        KEEP,
                        KEEP_DROPPED,
                        MOST_SNAPSHOTS,
                        MOST_MANIFESTS,
                        COMPACTION,
                        COMPACTION_BYTES,
                        COMPACTION_FILES);
            }

            @Override
            public Set<String> openPrefixes() {
                return Set.of(CATALOG_PREFIX);
            }
        };
    }

    /// @throws WeirException `setting-invalid`
    void check() {
        Optional<ForeignCatalog> unusedCatalog = foreignCatalog();
        Duration unused = interval();
        int unusedSegments = segments();
        Duration unusedUpkeep = upkeepInterval();
        Upkeep.Settings unusedSettings = upkeep();
        Compaction.Settings unusedCompaction = compaction();
    }

    /// The catalog of somebody else that the tables stand in; empty for our own.
    Optional<ForeignCatalog> foreignCatalog() {
        String catalog = value(CATALOG, String.class, "weir");
        return switch (catalog) {
            case "weir" -> Optional.empty();
            case "rest" -> Optional.of(foreign(ForeignCatalog.Kind.REST, "http"));
            case "jdbc" -> Optional.of(foreign(ForeignCatalog.Kind.JDBC, "jdbc:"));
            default ->
                throw invalid(
                        CATALOG,
                        "must be 'weir', 'rest' or 'jdbc', got '" + catalog + "'. Other catalogs can be reached through"
                                + " a REST catalog in front of them.");
        };
    }

    private ForeignCatalog foreign(ForeignCatalog.Kind kind, String scheme) {
        Map<String, String> properties = new TreeMap<>();
        for (String name : config.getPropertyNames()) {
            if (name.startsWith(CATALOG_PREFIX)) {
                properties.put(name.substring(CATALOG_PREFIX.length()), value(name, String.class, ""));
            }
        }
        if (!properties.getOrDefault("uri", "").startsWith(scheme)) {
            // the address is not repeated: it may hold a password
            throw invalid(
                    CATALOG,
                    "is '" + value(CATALOG, String.class, "") + "', so '" + CATALOG_PREFIX
                            + "uri' must name the catalog's address, and begin with '" + scheme + "'.");
        }
        return new ForeignCatalog(kind, properties);
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
                positive(KEEP, Duration.ofDays(7)),
                positive(KEEP_DROPPED, Duration.ofHours(1)),
                positive(MOST_SNAPSHOTS, 1_000),
                positive(MOST_MANIFESTS, 64));
    }

    Compaction.Settings compaction() {
        MemorySize usual = new MemorySize(BigInteger.valueOf(128L * 1024 * 1024));
        long bytes = value(COMPACTION_BYTES, MemorySize.class, usual).asLongValue();
        if (bytes < 1) {
            throw invalid(COMPACTION_BYTES, "must be positive, got " + bytes + ".");
        }
        int files = value(COMPACTION_FILES, Integer.class, 8);
        if (files < 2) {
            throw invalid(COMPACTION_FILES, "must be at least 2, got " + files + ".");
        }
        return new Compaction.Settings(value(COMPACTION, Boolean.class, true), bytes, files);
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

package io.weir.tiered.wiring;

import io.quarkus.runtime.configuration.MemorySize;
import io.weir.log.cluster.KnownSettings;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.archive.ArchiveBrokerSettings;
import io.weir.tiered.archive.ArchiveSettings;
import io.weir.tiered.archive.JanitorSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.common.config.ConfigException;
import org.eclipse.microprofile.config.Config;

/// `weir.archive.*` as it stands in files, environment and on the command line.
final class ArchiveConfig {
    private static final String CLUSTER_SIZE = "weir.cluster.size";
    static final String DEFAULT = "weir.archive.default";
    static final String LOCAL_BYTES = "weir.archive.local.bytes";
    static final String INTERVAL = "weir.archive.interval";
    static final String COPY_THREADS = "weir.archive.copy.threads";
    static final String FRESHNESS = "weir.lake.freshness";
    static final String JANITOR_INTERVAL = "weir.archive.janitor.interval";
    static final String JANITOR_DRY_RUN = "weir.archive.janitor.dry-run";

    private static final long LOCAL_BYTES_DEFAULT = 1024L * 1024 * 1024;
    private static final Duration INTERVAL_OF_ONE = Duration.ofSeconds(1);
    private static final Duration INTERVAL_OF_MANY = Duration.ofSeconds(5);
    private static final long CACHE_BYTES_AT_MOST = 256L * 1024 * 1024;

    private static final Set<String> TEXTS = Set.of(
            ArchiveSettings.URI,
            ArchiveSettings.NAMESPACE,
            ArchiveSettings.STAGING,
            ArchiveSettings.COPY_NICENESS,
            ArchiveSettings.STORE_THREADS,
            ArchiveSettings.INDEX_INTERVAL,
            ArchiveSettings.VERIFY_ON_COPY,
            ArchiveSettings.SERVE_COMPRESSION,
            ArchiveSettings.SHAPE_ENABLED,
            ArchiveSettings.SHAPE_LIMIT_SHAPES,
            ArchiveSettings.SHAPE_LIMIT_COLUMNS,
            ArchiveSettings.SHAPE_LIMIT_DEPTH,
            ArchiveSettings.SHAPE_REGISTRY_URL);
    private static final Set<String> DURATIONS = Set.of(
            ArchiveSettings.COPY_DEADLINE,
            ArchiveSettings.STORE_DEADLINE,
            ArchiveSettings.STORE_BACKOFF,
            ArchiveSettings.SHAPE_SCHEMA_DEADLINE);
    /// The same settings as environment variables: `fs.s3a.access.key` is `WEIR_ARCHIVE_HADOOP_FS_S3A_ACCESS_KEY`.
    private static final String HADOOP_VARIABLES = "WEIR_ARCHIVE_HADOOP_";
    private static final Set<String> SIZES =
            Set.of(ArchiveSettings.CACHE_BYTES, ArchiveSettings.COPY_BACKLOG_BYTES, ArchiveSettings.ROW_GROUP_BYTES);

    private final Config config;

    ArchiveConfig(Config config) {
        this.config = config;
    }

    static KnownSettings known() {
        Set<String> names = new TreeSet<>(
                Set.of(DEFAULT, LOCAL_BYTES, INTERVAL, COPY_THREADS, FRESHNESS, JANITOR_INTERVAL, JANITOR_DRY_RUN));
        names.addAll(TEXTS);
        names.addAll(DURATIONS);
        names.addAll(SIZES);
        return new KnownSettings() {
            @Override
            public Set<String> names() {
                return names;
            }

            @Override
            public Set<String> openPrefixes() {
                return Set.of(ArchiveSettings.HADOOP_PREFIX);
            }
        };
    }

    /// Whether ordinary topics are archived without being asked for. Topics of a cluster that is not ours are left
    /// alone unless the setting says so.
    boolean byDefault() {
        return value(DEFAULT, Boolean.class).orElse(!external());
    }

    /// Why the brokers have no archive, for a person; empty where they have one. A folder of one node would hold that
    /// node's segments only: another leader of the partition could not read them, and they would go with the node.
    Optional<String> off() {
        if (value(ArchiveSettings.URI, String.class).isPresent()) {
            return Optional.empty();
        }
        int nodes = value(CLUSTER_SIZE, Integer.class).orElse(1);
        if (external()) {
            return Optional.of("With an external log, set 'weir.archive.uri' to where the archive plugin of its brokers"
                    + " writes.");
        }
        return nodes == 1
                ? Optional.empty()
                : Optional.of("On a cluster of " + nodes + " nodes, set 'weir.archive.uri' on each of them to one place"
                        + " that all of them reach: s3a:, hdfs:, or file: with a shared folder.");
    }

    private boolean external() {
        return value("weir.log.mode", String.class).orElse("").equals("external");
    }

    /// Local copies kept of each partition.
    long localBytes() {
        return value(LOCAL_BYTES, MemorySize.class).map(MemorySize::asLongValue).orElse(LOCAL_BYTES_DEFAULT);
    }

    /// How long a record may wait before its segment is closed for the archive.
    Duration freshness() {
        Duration freshness = value(FRESHNESS, Duration.class).orElse(Duration.ofHours(1));
        if (!freshness.isPositive()) {
            throw invalid(FRESHNESS, "must be positive.");
        }
        return freshness;
    }

    /// Between two passes of the janitor; zero: it makes none by itself.
    Duration janitorInterval() {
        Duration interval = value(JANITOR_INTERVAL, Duration.class).orElse(Duration.ofHours(1));
        if (interval.isNegative()) {
            throw invalid(JANITOR_INTERVAL, "must not be negative.");
        }
        return interval;
    }

    JanitorSettings janitor() {
        JanitorSettings usual = JanitorSettings.DEFAULT;
        Duration dryRun = value(JANITOR_DRY_RUN, Duration.class).orElse(usual.dryRun());
        if (dryRun.isNegative()) {
            throw invalid(JANITOR_DRY_RUN, "must not be negative.");
        }
        return new JanitorSettings(usual.leastAge(), usual.apart(), dryRun);
    }

    Path dataDirectory() {
        return Path.of(value("weir.data.dir", String.class).orElse("weir-data"))
                .toAbsolutePath()
                .normalize();
    }

    /// What this node's broker must know.
    ///
    /// @throws WeirException `setting-invalid`
    ArchiveBrokerSettings broker(Path dataDirectory, int clusterSize) {
        Duration interval =
                value(INTERVAL, Duration.class).orElse(clusterSize == 1 ? INTERVAL_OF_ONE : INTERVAL_OF_MANY);
        int threads = value(COPY_THREADS, Integer.class).orElse(2);
        if (interval.toMillis() < 1 || threads < 1) {
            throw invalid(interval.toMillis() < 1 ? INTERVAL : COPY_THREADS, "must be positive.");
        }
        plugin(dataDirectory, "not-known-yet");
        return new ArchiveBrokerSettings(dataDirectory, interval, threads, given());
    }

    /// The plugin's settings, as the plugin in the broker reads them.
    ///
    /// @throws WeirException `setting-invalid`
    ArchiveSettings plugin(Path dataDirectory, String clusterId) {
        Map<String, String> settings = new TreeMap<>();
        settings.put(ArchiveSettings.URI, ArchiveBrokerSettings.defaultUri(dataDirectory));
        settings.putAll(given());
        settings.put(ArchiveSettings.CLUSTER_ID, clusterId);
        try {
            return ArchiveSettings.of(settings);
        } catch (ConfigException e) {
            throw new WeirException("setting-invalid", Whose.USER, String.valueOf(e.getMessage()), e);
        }
    }

    private Map<String, String> given() {
        Map<String, String> settings = new TreeMap<>();
        // an eighth of the heap: row groups of several partitions, beside all else that a node does
        long cacheBytes = Math.min(CACHE_BYTES_AT_MOST, Runtime.getRuntime().maxMemory() / 8);
        settings.put(ArchiveSettings.CACHE_BYTES, Long.toString(cacheBytes));
        TEXTS.forEach(name -> value(name, String.class).ifPresent(text -> settings.put(name, text)));
        DURATIONS.forEach(
                name -> value(name, Duration.class).ifPresent(duration -> settings.put(name, duration.toString())));
        SIZES.forEach(name ->
                value(name, MemorySize.class).ifPresent(size -> settings.put(name, Long.toString(size.asLongValue()))));
        for (String given : config.getPropertyNames()) {
            String name = given.startsWith(HADOOP_VARIABLES)
                    ? given.toLowerCase(Locale.ROOT).replace('_', '.')
                    : given;
            if (name.startsWith(ArchiveSettings.HADOOP_PREFIX)) {
                value(name, String.class).ifPresent(text -> settings.put(name, text));
            }
        }
        return settings;
    }

    private <T> Optional<T> value(String name, Class<T> type) {
        try {
            return config.getOptionalValue(name, type);
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

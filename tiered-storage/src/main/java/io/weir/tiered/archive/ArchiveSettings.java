package io.weir.tiered.archive;

import io.weir.tiered.parquet.RecordFileWriter;
import io.weir.tiered.shape.ShapeLimits;
import io.weir.tiered.store.Secrets;
import java.io.IOException;
import java.io.Reader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.config.ConfigException;
import org.jspecify.annotations.Nullable;

/// What the storage plugin must be told. A broker hands it over as `rsm.config.<name>` (names in the constants;
/// durations as ISO-8601, `PT10M`); inside Weir they come from `weir.archive.*`.
///
/// @param root where the archive lies, with scheme
/// @param clusterId first folder below the root
/// @param namespace folder of the tables, `weir.lake.namespace`
/// @param staging local folder for files under way; empty = a new temporary one
/// @param copyDeadline for one segment, everything included
/// @param storeDeadline for one call of the store
/// @param storeBackoff longest pause between tries while the store fails
/// @param storeThreads store calls at a time; a hung call keeps one
/// @param cacheBytes decoded row groups kept across fetches
/// @param rowGroupBytes raw bytes per row group
/// @param indexInterval least n of "every n-th batch stands in the offset index"
/// @param rowsDelete who takes the rows of a segment away that the broker has given up
/// @param pace of copies on a busy machine
/// @param shaping of values into typed columns
/// @param hadoop settings of Hadoop's file systems
public record ArchiveSettings(
        URI root,
        String clusterId,
        String namespace,
        Optional<Path> staging,
        Duration copyDeadline,
        Duration storeDeadline,
        Duration storeBackoff,
        int storeThreads,
        long cacheBytes,
        long rowGroupBytes,
        int indexInterval,
        VerifyOnCopy verifyOnCopy,
        ServeCompression serveCompression,
        RowsDelete rowsDelete,
        CopyPace pace,
        Shaping shaping,
        Map<String, String> hadoop) {
    /// How values become typed columns.
    ///
    /// @param enabled false: every value stays in `_raw`
    /// @param schemaDeadline how long a copy waits for new columns, and for one answer of the registry
    /// @param registry a Confluent-compatible schema registry; empty: Avro values stay in `_raw`
    public record Shaping(boolean enabled, ShapeLimits limits, Duration schemaDeadline, Optional<URI> registry) {}

    public static final String URI = "weir.archive.uri";
    public static final String CLUSTER_ID = "weir.archive.cluster.id";
    /// A `meta.properties` of the broker, where the cluster id is read when it is not given.
    public static final String IDENTITY_FILE = "weir.archive.identity.file";

    public static final String NAMESPACE = "weir.lake.namespace";
    public static final String STAGING = "weir.archive.staging.dir";
    public static final String COPY_DEADLINE = "weir.archive.copy.deadline";
    public static final String COPY_NICENESS = "weir.archive.copy.niceness";
    public static final String COPY_BACKLOG_BYTES = "weir.archive.copy.backlog.bytes";
    public static final String STORE_DEADLINE = "weir.archive.store.deadline";
    public static final String STORE_BACKOFF = "weir.archive.store.backoff";
    public static final String STORE_THREADS = "weir.archive.store.threads";
    public static final String CACHE_BYTES = "weir.archive.cache.bytes";
    public static final String ROW_GROUP_BYTES = "weir.archive.row-group.bytes";
    public static final String INDEX_INTERVAL = "weir.archive.index.interval";
    public static final String VERIFY_ON_COPY = "weir.archive.verify-on-copy";
    public static final String SERVE_COMPRESSION = "weir.archive.serve.compression";
    public static final String ROWS_DELETE = "weir.archive.rows.delete";
    public static final String SHAPE_ENABLED = "weir.archive.shape.enabled";
    public static final String SHAPE_LIMIT_SHAPES = "weir.archive.shape.limit.shapes";
    public static final String SHAPE_LIMIT_COLUMNS = "weir.archive.shape.limit.columns";
    public static final String SHAPE_LIMIT_DEPTH = "weir.archive.shape.limit.depth";
    public static final String SHAPE_SCHEMA_DEADLINE = "weir.archive.shape.schema.deadline";
    public static final String SHAPE_REGISTRY_URL = "weir.archive.shape.registry.url";
    public static final String HADOOP_PREFIX = "weir.archive.hadoop.";

    public ArchiveSettings {
        hadoop = Map.copyOf(hadoop);
    }

    /// Reads the settings from a broker's `rsm.config.*`, prefix removed.
    ///
    /// @throws ConfigException a value is missing or cannot be read; the message names the setting
    public static ArchiveSettings of(Map<String, ?> configs) {
        return new ArchiveSettings(
                root(required(configs, URI)),
                clusterId(configs),
                text(configs, NAMESPACE, "lake"),
                Optional.ofNullable(configs.get(STAGING)).map(folder -> Path.of(folder.toString())),
                duration(configs, COPY_DEADLINE, Duration.ofMinutes(10)),
                duration(configs, STORE_DEADLINE, Duration.ofSeconds(30)),
                duration(configs, STORE_BACKOFF, Duration.ofSeconds(30)),
                (int) number(configs, STORE_THREADS, 16, 1, 1024),
                number(configs, CACHE_BYTES, 256L * 1024 * 1024, 0, Long.MAX_VALUE),
                number(configs, ROW_GROUP_BYTES, RecordFileWriter.ROW_GROUP_BYTES, 1024, 512L * 1024 * 1024),
                (int) number(configs, INDEX_INTERVAL, 1, 1, 1 << 20),
                choice(configs, VERIFY_ON_COPY, VerifyOnCopy.FULL),
                choice(configs, SERVE_COMPRESSION, ServeCompression.AUTO),
                choice(configs, ROWS_DELETE, RowsDelete.AT_ONCE),
                pace(configs),
                shaping(configs),
                hadoop(configs));
    }

    private static CopyPace pace(Map<String, ?> configs) {
        return new CopyPace(
                (int) number(configs, COPY_NICENESS, 15, 0, CopyPace.MOST_NICE),
                number(configs, COPY_BACKLOG_BYTES, 1L << 30, 0, Long.MAX_VALUE));
    }

    private static Shaping shaping(Map<String, ?> configs) {
        ShapeLimits limits = new ShapeLimits(
                (int) number(configs, SHAPE_LIMIT_SHAPES, ShapeLimits.DEFAULT.shapes(), 1, 1 << 20),
                (int) number(configs, SHAPE_LIMIT_COLUMNS, ShapeLimits.DEFAULT.columns(), 1, 10_000),
                (int) number(configs, SHAPE_LIMIT_DEPTH, ShapeLimits.DEFAULT.depth(), 1, 64));
        return new Shaping(
                truth(configs, SHAPE_ENABLED, true),
                limits,
                duration(configs, SHAPE_SCHEMA_DEADLINE, Duration.ofSeconds(5)),
                registry(configs));
    }

    private static Optional<URI> registry(Map<String, ?> configs) {
        String value = text(configs, SHAPE_REGISTRY_URL, "");
        if (value.isBlank()) {
            return Optional.empty();
        }
        if (!value.startsWith("http://") && !value.startsWith("https://")) {
            throw new ConfigException(SHAPE_REGISTRY_URL, value, "must begin with http:// or https://.");
        }
        try {
            return Optional.of(java.net.URI.create(value));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(SHAPE_REGISTRY_URL, value, "must be a URI.");
        }
    }

    private static boolean truth(Map<String, ?> configs, String name, boolean otherwise) {
        String value = text(configs, name, Boolean.toString(otherwise));
        if (!value.equals("true") && !value.equals("false")) {
            throw new ConfigException(name, value, "must be true or false.");
        }
        return value.equals("true");
    }

    /// Without the values of secrets.
    @Override
    public String toString() {
        return "ArchiveSettings[root=" + root + ", clusterId=" + clusterId + ", namespace=" + namespace + ", staging="
                + staging + ", copyDeadline=" + copyDeadline + ", storeDeadline=" + storeDeadline + ", storeBackoff="
                + storeBackoff + ", storeThreads=" + storeThreads + ", cacheBytes=" + cacheBytes + ", rowGroupBytes="
                + rowGroupBytes + ", indexInterval="
                + indexInterval + ", verifyOnCopy=" + verifyOnCopy + ", serveCompression=" + serveCompression
                + ", rowsDelete=" + rowsDelete + ", pace=" + pace + ", shaping=" + shaping + ", hadoop="
                + Secrets.masked(hadoop) + "]";
    }

    private static URI root(String value) {
        try {
            URI root = java.net.URI.create(value);
            if (root.getUserInfo() != null && !"hdfs".equals(root.getScheme())) {
                throw new ConfigException("Setting '" + URI + "': must name no user or key before '@'. Give them as '"
                        + HADOOP_PREFIX + "fs.s3a.access.key' and '" + HADOOP_PREFIX + "fs.s3a.secret.key'.");
            }
            if (root.getScheme() == null) {
                throw new ConfigException(
                        URI, value, "must be a URI with a scheme. Did you mean 'file://" + value + "'?");
            }
            return root;
        } catch (IllegalArgumentException e) {
            throw new ConfigException(URI, value, "must be a URI.");
        }
    }

    private static String clusterId(Map<String, ?> configs) {
        Object given = configs.get(CLUSTER_ID);
        if (given != null) {
            return given.toString();
        }
        String file = required(configs, IDENTITY_FILE);
        Properties identity = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of(file), StandardCharsets.UTF_8)) {
            identity.load(reader);
        } catch (IOException e) {
            throw new ConfigException(IDENTITY_FILE, file, "must be a broker's meta.properties: " + e.getMessage());
        }
        String clusterId = identity.getProperty("cluster.id");
        if (clusterId == null || clusterId.isBlank()) {
            throw new ConfigException(IDENTITY_FILE, file, "has no cluster.id.");
        }
        return clusterId;
    }

    private static String required(Map<String, ?> configs, String name) {
        Object value = configs.get(name);
        if (value == null || value.toString().isBlank()) {
            throw new ConfigException("Setting 'rsm.config." + name + "': must be given.");
        }
        return value.toString();
    }

    private static String text(Map<String, ?> configs, String name, String otherwise) {
        Object value = configs.get(name);
        return value == null ? otherwise : value.toString();
    }

    private static Duration duration(Map<String, ?> configs, String name, Duration otherwise) {
        Object value = configs.get(name);
        try {
            Duration duration = value == null ? otherwise : Duration.parse(value.toString());
            if (duration.isNegative() || duration.isZero()) {
                throw new ConfigException(name, value, "must be positive.");
            }
            return duration;
        } catch (DateTimeParseException e) {
            throw new ConfigException(name, value, "must be a duration such as PT30S.");
        }
    }

    private static long number(Map<String, ?> configs, String name, long otherwise, long least, long greatest) {
        Object value = configs.get(name);
        try {
            long number = value == null ? otherwise : Long.parseLong(value.toString());
            if (number < least || number > greatest) {
                throw new ConfigException(name, value, "must lie between " + least + " and " + greatest + ".");
            }
            return number;
        } catch (NumberFormatException e) {
            throw new ConfigException(name, value, "must be a number.");
        }
    }

    private static <E extends Enum<E>> E choice(Map<String, ?> configs, String name, E otherwise) {
        @Nullable Object value = configs.get(name);
        if (value == null) {
            return otherwise;
        }
        for (E candidate : otherwise.getDeclaringClass().getEnumConstants()) {
            if (candidate.name().equalsIgnoreCase(value.toString())) {
                return candidate;
            }
        }
        String known = Arrays.toString(otherwise.getDeclaringClass().getEnumConstants());
        throw new ConfigException(name, value, "must be one of " + known.toLowerCase(Locale.ROOT) + ".");
    }

    private static Map<String, String> hadoop(Map<String, ?> configs) {
        Map<String, String> settings = new HashMap<>();
        configs.forEach((name, value) -> {
            if (name.startsWith(HADOOP_PREFIX)) {
                settings.put(name.substring(HADOOP_PREFIX.length()), String.valueOf(value));
            }
        });
        return settings;
    }
}

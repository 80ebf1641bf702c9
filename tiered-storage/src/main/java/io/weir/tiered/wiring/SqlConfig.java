package io.weir.tiered.wiring;

import io.weir.log.cluster.KnownSettings;
import io.weir.log.fault.WeirException;
import io.weir.log.fault.Whose;
import io.weir.tiered.query.FileCache;
import io.weir.tiered.query.SqlSettings;
import io.weir.tiered.query.process.ChildSettings;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.eclipse.microprofile.config.Config;

/// `weir.sql.*` as it stands in files, environment and on the command line; errors name the setting.
final class SqlConfig {
    private static final String PREFIX = "weir.sql.";
    private static final List<String> NAMES = List.of(
            "child.dir",
            "dir",
            "children",
            "max-running",
            "queue",
            "timeout",
            "memory",
            "heap",
            "threads",
            "temp.max-bytes",
            "hot.max-bytes",
            "hot.readers",
            "cache.dir",
            "cache.max-bytes",
            "cache.fetches",
            "answer.max-bytes");
    /// 50 GiB.
    private static final long MOST_BY_DEFAULT = 50L << 30;

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,15})\\s*([KMGT]?)i?B?", Pattern.CASE_INSENSITIVE);

    private final Config config;

    SqlConfig(Config config) {
        this.config = config;
    }

    static KnownSettings known() {
        return KnownSettings.of(NAMES.stream().map(PREFIX::concat).toArray(String[]::new));
    }

    /// Whether `weir.roles` names `query`; without that setting a node has every role.
    boolean roleIsOurs() {
        return text("weir.roles")
                .map(roles -> Arrays.stream(roles.split(",", -1))
                        .anyMatch(role -> role.strip().equalsIgnoreCase("query")))
                .orElse(true);
    }

    SqlSettings engine() {
        return new SqlSettings(
                directory().resolve("hot"),
                duration("timeout", Duration.ofSeconds(30)),
                size("hot.max-bytes", 2L << 30),
                number("hot.readers", 2),
                new FileCache.Settings(
                        cacheDirectory(), size("cache.max-bytes", tenthOfTheDisk()), number("cache.fetches", 4)),
                size("answer.max-bytes", 64L << 20));
    }

    /// Where files of an archive that is no local folder are kept.
    Path cacheDirectory() {
        return text(PREFIX + "cache.dir")
                .map(Path::of)
                .orElseGet(() -> directory().resolve("cache"))
                .toAbsolutePath()
                .normalize();
    }

    private long tenthOfTheDisk() {
        Path folder = cacheDirectory();
        while (folder.getParent() != null && !Files.isDirectory(folder)) {
            folder = folder.getParent();
        }
        return Math.min(MOST_BY_DEFAULT, folder.toFile().getTotalSpace() / 10);
    }

    /// @param java the node's own java binary
    ChildSettings children(Path java) {
        int warm = number("children", 2);
        return new ChildSettings(
                java,
                childDirectory(),
                directory().resolve("children"),
                warm,
                number("max-running", Math.max(2, warm)),
                number("queue", 16),
                size("heap", 256L << 20),
                size("memory", 512L << 20),
                number("threads", Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 8)),
                size("temp.max-bytes", 2L << 30),
                Duration.ofSeconds(30));
    }

    private Path directory() {
        return text("weir.sql.dir")
                .map(Path::of)
                .orElseGet(
                        () -> Path.of(text("weir.data.dir").orElse("weir-data")).resolve("sql"))
                .toAbsolutePath()
                .normalize();
    }

    /// As set; else `query-child` in or beside the application's folder, which holds `quarkus-run.jar`.
    private Path childDirectory() {
        Optional<String> set = text("weir.sql.child.dir");
        if (set.isPresent()) {
            return Path.of(set.get()).toAbsolutePath().normalize();
        }
        Path application = Path.of(System.getProperty("java.class.path", "").split(":", 2)[0])
                .toAbsolutePath();
        Path folder = application.getParent() == null ? application : application.getParent();
        Path inside = folder.resolve("query-child");
        return Files.isDirectory(inside) ? inside : folder.resolveSibling("query-child");
    }

    private int number(String name, int otherwise) {
        return text(PREFIX + name).map(value -> positive(name, value)).orElse(otherwise);
    }

    private static int positive(String name, String value) {
        if (!value.matches("[0-9]{1,6}")) {
            throw invalid(name, "it is a whole number", value);
        }
        return Integer.parseInt(value);
    }

    private long size(String name, long otherwise) {
        return text(PREFIX + name).map(value -> bytes(name, value)).orElse(otherwise);
    }

    private static long bytes(String name, String value) {
        Matcher size = SIZE.matcher(value);
        if (!size.matches()) {
            throw invalid(name, "it is a number of bytes such as 512M or 2G", value);
        }
        int power = "KMGT".indexOf(size.group(2).toUpperCase(java.util.Locale.ROOT)) + 1;
        return Long.parseLong(size.group(1)) << (size.group(2).isEmpty() ? 0 : 10 * power);
    }

    private Duration duration(String name, Duration otherwise) {
        try {
            return config.getOptionalValue(PREFIX + name, Duration.class).orElse(otherwise);
        } catch (IllegalArgumentException e) {
            throw invalid(
                    name, "it is a duration such as 30s", text(PREFIX + name).orElse(""));
        }
    }

    private Optional<String> text(String name) {
        return config.getOptionalValue(name, String.class).map(String::strip).filter(value -> !value.isEmpty());
    }

    private static WeirException invalid(String name, String rule, String value) {
        return new WeirException(
                "setting-invalid", Whose.USER, "Setting '" + PREFIX + name + "': " + rule + ", got '" + value + "'.");
    }
}

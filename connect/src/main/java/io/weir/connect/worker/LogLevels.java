package io.weir.connect.worker;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.logging.Level;
import java.util.logging.LogManager;
import java.util.logging.Logger;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.connect.runtime.rest.entities.LoggerLevel;
import org.jspecify.annotations.Nullable;

/// Levels of the process's loggers by Connect's names for them. Connect's own implementation knows only log4j;
/// everything here logs through `java.util.logging`'s manager. Thread-safe.
final class LogLevels {
    private static final String ROOT = "root";
    private static final Map<String, Level> LEVELS = levels();

    private final Time time;
    private final Map<String, Long> lastModifiedMillis = new ConcurrentHashMap<>();
    /// The manager holds loggers weakly: one whose level was set must not be forgotten.
    private final Map<String, Logger> changed = new ConcurrentHashMap<>();

    LogLevels(Time time) {
        this.time = time;
    }

    private static Map<String, Level> levels() {
        Map<String, Level> levels = new LinkedHashMap<>();
        levels.put("OFF", Level.OFF);
        levels.put("ERROR", Level.SEVERE);
        levels.put("FATAL", Level.SEVERE);
        levels.put("WARN", Level.WARNING);
        levels.put("INFO", Level.INFO);
        levels.put("DEBUG", Level.FINE);
        levels.put("TRACE", Level.FINER);
        levels.put("ALL", Level.ALL);
        return levels;
    }

    static boolean isLevel(String level) {
        return LEVELS.containsKey(level.toUpperCase(Locale.ROOT));
    }

    static String known() {
        return String.join(", ", LEVELS.keySet());
    }

    /// Loggers whose level is set explicitly, in the order of their names.
    Map<String, LoggerLevel> explicit() {
        Map<String, LoggerLevel> explicit = new TreeMap<>();
        for (String name : names()) {
            Logger logger = LogManager.getLogManager().getLogger(name);
            if (logger != null && logger.getLevel() != null) {
                explicit.put(shown(name), level(shown(name), logger.getLevel()));
            }
        }
        return explicit;
    }

    /// The effective level of a logger that exists.
    Optional<LoggerLevel> of(String shown) {
        String name = ROOT.equals(shown) ? "" : shown;
        return name.isEmpty() || names().contains(name)
                ? Optional.of(level(shown, effective(Logger.getLogger(name))))
                : Optional.empty();
    }

    /// Sets the level of a namespace and of the loggers below it.
    ///
    /// @return names of the loggers whose level has changed, sorted
    List<String> set(String namespace, String levelName) {
        Level level = LEVELS.get(levelName.toUpperCase(Locale.ROOT));
        if (level == null) {
            return List.of();
        }
        String name = ROOT.equals(namespace) ? "" : namespace;
        List<String> modified = new ArrayList<>();
        if (setOne(name, level)) {
            modified.add(shown(name));
        }
        for (String below : names()) {
            boolean isBelow = !below.equals(name) && (name.isEmpty() || below.startsWith(name + "."));
            if (isBelow && setOne(below, level)) {
                modified.add(below);
            }
        }
        Collections.sort(modified);
        return modified;
    }

    private boolean setOne(String name, Level level) {
        Logger logger = Logger.getLogger(name);
        boolean changes = effective(logger).intValue() != level.intValue();
        logger.setLevel(level);
        changed.put(name, logger);
        if (changes) {
            lastModifiedMillis.put(shown(name), time.milliseconds());
        }
        return changes;
    }

    private static List<String> names() {
        return Collections.list(LogManager.getLogManager().getLoggerNames());
    }

    private LoggerLevel level(String shown, Level level) {
        return new LoggerLevel(word(level), lastModified(shown));
    }

    // A logger that was never changed has no time: Connect answers null there.
    @SuppressWarnings("NullAway")
    private Long lastModified(String shown) {
        return lastModifiedMillis.get(shown);
    }

    private static Level effective(Logger logger) {
        for (@Nullable Logger at = logger; at != null; at = at.getParent()) {
            Level level = at.getLevel();
            if (level != null) {
                return level;
            }
        }
        return Level.INFO;
    }

    private static String word(Level level) {
        return LEVELS.entrySet().stream()
                .filter(known -> known.getValue().intValue() == level.intValue())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(level.getName());
    }

    private static String shown(String name) {
        return name.isEmpty() ? ROOT : name;
    }
}

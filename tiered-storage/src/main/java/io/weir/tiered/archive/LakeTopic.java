package io.weir.tiered.archive;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What is set for one topic; what is empty follows the node.
///
/// @param mode `lake.mode`
/// @param freshness `lake.freshness`: how long a record may wait for the archive
/// @param retention `lake.retention`: how long rows stay in the table
public record LakeTopic(Optional<LakeMode> mode, Optional<Duration> freshness, Optional<LakeRetention> retention) {
    public static final String MODE = "lake.mode";
    public static final String FRESHNESS = "lake.freshness";
    public static final String RETENTION = "lake.retention";
    public static final LakeTopic NOTHING_SET = new LakeTopic(Optional.empty(), Optional.empty(), Optional.empty());

    private static final List<String> NAMES = List.of(MODE, FRESHNESS, RETENTION);

    /// A setting that is none, or a value that cannot be.
    public static final class InvalidSettingException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InvalidSettingException(String message) {
            super(message);
        }
    }

    /// The same with some settings changed.
    ///
    /// @param changes by name; an empty value goes back to what the node says
    /// @throws InvalidSettingException the message names the setting, the rule and the value
    public LakeTopic with(Map<String, Optional<String>> changes) {
        Optional<LakeMode> newMode = mode;
        Optional<Duration> newFreshness = freshness;
        Optional<LakeRetention> newRetention = retention;
        for (Map.Entry<String, Optional<String>> change : changes.entrySet()) {
            switch (change.getKey()) {
                case MODE -> newMode = change.getValue().map(LakeTopic::mode);
                case FRESHNESS -> newFreshness = change.getValue().map(LakeTopic::freshness);
                case RETENTION -> newRetention = change.getValue().map(LakeRetention::parse);
                default ->
                    throw new InvalidSettingException("Setting '" + change.getKey()
                            + "': topics have no such setting of the lake. Known: " + String.join(", ", NAMES) + ".");
            }
        }
        return new LakeTopic(newMode, newFreshness, newRetention);
    }

    private static LakeMode mode(String value) {
        try {
            return LakeMode.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new InvalidSettingException(
                    "Setting '" + MODE + "': must be parquet or classic, got '" + value + "'.");
        }
    }

    /// `10m` as in the node's settings, or `PT10M`.
    static Duration duration(String value) {
        String text = value.toUpperCase(Locale.ROOT);
        return Duration.parse(text.startsWith("P") ? text : text.endsWith("D") ? "P" + text : "PT" + text);
    }

    private static Duration freshness(String value) {
        try {
            Duration duration = duration(value);
            if (duration.isPositive()) {
                return duration;
            }
        } catch (DateTimeParseException e) {
            // said below
        }
        throw new InvalidSettingException(
                "Setting '" + FRESHNESS + "': must be a positive duration such as 10m, got '" + value + "'.");
    }

    /// What is set, by name.
    public Map<String, String> settings() {
        Map<String, String> settings = new TreeMap<>();
        mode.ifPresent(value -> settings.put(MODE, value.name().toLowerCase(Locale.ROOT)));
        freshness.ifPresent(value -> settings.put(FRESHNESS, value.toString()));
        retention.ifPresent(value -> settings.put(RETENTION, value.toString()));
        return settings;
    }
}

package io.weir.connect.connector;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/// Hides literal secrets of connector configurations in answers, and puts them back when a client writes an
/// answer that it has read.
///
/// A value that is a reference to a config provider (`${file:...}`) is no secret itself and stays readable.
public final class SecretMask {
    /// What is shown instead of a secret.
    public static final String MASK = "******";

    private SecretMask() {}

    /// A copy in the same order in which the values of secret keys read `******`.
    public static Map<String, @Nullable String> hide(Map<String, @Nullable String> config, Predicate<String> isSecret) {
        Map<String, @Nullable String> shown = new LinkedHashMap<>(config);
        shown.replaceAll((key, value) -> isLiteral(value) && isSecret.test(key) ? MASK : value);
        return shown;
    }

    /// A copy in which each `******` of a secret key is replaced by the stored value.
    ///
    /// @param stored the configuration as it is stored, empty for a new connector
    public static Restored restore(
            Map<String, @Nullable String> written, Map<String, @Nullable String> stored, Predicate<String> isSecret) {
        Map<String, @Nullable String> config = new LinkedHashMap<>(written);
        List<String> unknown = config.entrySet().stream()
                .filter(entry -> MASK.equals(entry.getValue()) && isSecret.test(entry.getKey()))
                .map(Map.Entry::getKey)
                .filter(key -> stored.get(key) == null)
                .sorted()
                .toList();
        config.replaceAll((key, value) ->
                MASK.equals(value) && isSecret.test(key) && stored.get(key) != null ? stored.get(key) : value);
        return new Restored(config, unknown);
    }

    /// @param config what to store; may hold null values, which a patch uses to remove keys
    /// @param withoutStoredValue secret keys written as `******` for which nothing is stored
    public record Restored(Map<String, @Nullable String> config, List<String> withoutStoredValue) {
        public Restored {
            Objects.requireNonNull(config);
            withoutStoredValue = List.copyOf(withoutStoredValue);
        }
    }

    private static boolean isLiteral(@Nullable String value) {
        return value != null && !value.isEmpty() && !(value.startsWith("${") && value.endsWith("}"));
    }
}

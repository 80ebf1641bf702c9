package io.weir.tiered.store;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The settings of a store that nobody may see, and a text without them.
public final class Secrets {
    private static final String MASK = "******";
    private static final Pattern NAME = Pattern.compile(".*(secret|password|passphrase|token|credential|\\bkey\\b).*");
    /// Classes and files that hand secrets out; their names are none.
    private static final Pattern NO_SECRET =
            Pattern.compile(".*(\\.provider|\\.provider\\.path|\\.file|\\.algorithm)$");
    /// A shorter value stands in too many ordinary words.
    private static final int LEAST_LENGTH = 4;

    private final List<String> values = new ArrayList<>();

    /// @param settings names and values as a store was opened with
    Secrets(Map<String, String> settings) {
        settings.forEach((name, value) -> {
            if (isSecret(name) && value.length() >= LEAST_LENGTH) {
                values.add(value);
            }
        });
        values.sort(Comparator.comparingInt(String::length).reversed());
    }

    /// Whether a setting's value must not be shown, by the setting's name.
    static boolean isSecret(String name) {
        String folded = name.toLowerCase(Locale.ROOT);
        return NAME.matcher(folded).matches() && !NO_SECRET.matcher(folded).matches();
    }

    /// The same settings, fit to be printed.
    public static Map<String, String> masked(Map<String, String> settings) {
        Map<String, String> masked = new TreeMap<>(settings);
        masked.replaceAll((name, value) -> isSecret(name) ? MASK : value);
        return masked;
    }

    /// The text with every secret value replaced.
    String hidden(@Nullable String text) {
        String hidden = String.valueOf(text);
        for (String value : values) {
            hidden = hidden.replace(value, MASK);
        }
        return hidden;
    }

    /// Whether a failure or one of its causes says a secret.
    boolean isSaidBy(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            String text = each.toString();
            if (values.stream().anyMatch(text::contains)) {
                return true;
            }
        }
        return false;
    }
}

package io.weir.connect.worker;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Configurations may hold nulls: JSON allows them, a patch removes keys by them. Connect's runtime does not say so
/// in its signatures; here is the one place where both views meet. Copies, never views.
final class ConfigMaps {
    private ConfigMaps() {}

    static Map<String, @Nullable String> fromRuntime(Map<String, String> config) {
        return new LinkedHashMap<>(config);
    }

    // The runtime handles nulls: it removes such keys from a patch and reports them as errors elsewhere.
    @SuppressWarnings("NullAway")
    static Map<String, String> toRuntime(Map<String, @Nullable String> config) {
        Map<String, String> copy = new LinkedHashMap<>();
        config.forEach(copy::put);
        return copy;
    }
}

package io.weir.tiered.archive;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.config.ConfigException;

/// The topics whose mode is not the usual one. One per process, as Kafka makes the plugin by reflection and hands it
/// no settings of topics. Safe for use by any thread.
public final class LakeModes {
    public static final LakeModes PROCESS = new LakeModes();
    private static final String PREFIX = "weir.topic.";
    private static final String SUFFIX = ".lake.mode";

    private volatile Map<String, LakeMode> given = Map.of();
    private volatile Map<String, LakeMode> set = Map.of();

    LakeModes() {}

    LakeMode of(String topic) {
        LakeMode mode = set.get(topic);
        return mode == null ? given.getOrDefault(topic, LakeMode.PARQUET) : mode;
    }

    /// Replaces what was set before.
    public void set(Map<String, LakeMode> byTopic) {
        set = Map.copyOf(byTopic);
    }

    /// A broker's own settings: `rsm.config.weir.topic.<name>.lake.mode=parquet|classic`, prefix removed.
    void given(Map<String, ?> configs) {
        Map<String, LakeMode> found = new TreeMap<>();
        configs.forEach((name, value) -> {
            if (name.startsWith(PREFIX) && name.endsWith(SUFFIX)) {
                found.put(
                        name.substring(PREFIX.length(), name.length() - SUFFIX.length()),
                        parse(name, String.valueOf(value)));
            }
        });
        given = Map.copyOf(found);
    }

    private static LakeMode parse(String name, String value) {
        try {
            return LakeMode.valueOf(value.toUpperCase(Locale.ROOT));
        } catch (IllegalArgumentException e) {
            throw new ConfigException(name, value, "must be parquet or classic.");
        }
    }
}

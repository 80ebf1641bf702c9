package io.weir.log.admin;

import org.jspecify.annotations.Nullable;

/// One configuration of a topic as it is in force.
///
/// @param value null when sensitive
/// @param source where the value comes from, in Kafka's words: `DYNAMIC_TOPIC_CONFIG`, `DEFAULT_CONFIG` ...
/// @param isDefault not set on the topic itself
public record TopicConfigEntry(
        String name, @Nullable String value, String source, boolean isDefault, boolean readOnly, boolean sensitive) {}

package io.weir.tiered.wiring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import io.weir.tiered.archive.LakeTopic;
import io.weir.tiered.archive.TopicSettings;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Settings of topics as records `topic/<id>` of `__weir_catalog`, JSON
/// `{"lake.mode":"classic","lake.freshness":"PT10M"}`. Other keys of the topic are not its business.
final class LakeTopicMemory implements TopicSettings.Memory {
    private static final String PREFIX = "topic/";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Journal<Map<UUID, LakeTopic>> journal;

    LakeTopicMemory(Journal<Map<UUID, LakeTopic>> journal) {
        this.journal = journal;
    }

    static Map<UUID, LakeTopic> apply(Map<UUID, LakeTopic> state, String key, byte @Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return state;
        }
        Map<UUID, LakeTopic> changed = new HashMap<>(state);
        UUID id = UUID.fromString(key.substring(PREFIX.length()));
        LakeTopic topic = value == null ? null : read(value);
        if (topic == null) {
            changed.remove(id);
        } else {
            changed.put(id, topic);
        }
        return Map.copyOf(changed);
    }

    @Override
    public Map<UUID, LakeTopic> all() {
        return journal.state();
    }

    @Override
    public LakeTopic update(UUID topicId, UnaryOperator<LakeTopic> change) {
        return journal.write(state -> {
            LakeTopic changed = change.apply(state.getOrDefault(topicId, LakeTopic.NOTHING_SET));
            String key = PREFIX + topicId;
            return new Decision<>(
                    List.of(changed.settings().isEmpty() ? Entry.deletion(key) : new Entry(key, write(changed))),
                    changed);
        });
    }

    static byte[] write(LakeTopic topic) {
        try {
            return JSON.writeValueAsBytes(topic.settings());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("Settings of a topic cannot be written as JSON.", e);
        }
    }

    /// Null for what a newer version wrote in another form.
    private static @Nullable LakeTopic read(byte[] value) {
        try {
            Map<String, Optional<String>> settings = new HashMap<>();
            for (Map.Entry<String, JsonNode> setting : JSON.readTree(value).properties()) {
                settings.put(setting.getKey(), Optional.of(setting.getValue().asText()));
            }
            return LakeTopic.NOTHING_SET.with(settings);
        } catch (IOException | LakeTopic.InvalidSettingException e) {
            return null;
        }
    }
}

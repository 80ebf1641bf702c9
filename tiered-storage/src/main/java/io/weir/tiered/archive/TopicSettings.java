package io.weir.tiered.archive;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicListing;

/// The settings of topics that Kafka does not know. They belong to the topic's id: a topic that is made again begins
/// without. Safe for use by any thread; does not own the admin client.
public final class TopicSettings {
    private final Admin admin;
    private final Memory memory;

    /// Where they are kept.
    public interface Memory {
        /// By topic id.
        Map<UUID, LakeTopic> all();

        /// Replaces what is set for a topic; what sets nothing is forgotten.
        LakeTopic update(UUID topicId, UnaryOperator<LakeTopic> change);
    }

    public TopicSettings(Admin admin, Memory memory) {
        this.admin = admin;
        this.memory = memory;
    }

    /// All that is set, by topic id; of topics that are gone, too.
    public Map<UUID, LakeTopic> all() {
        return memory.all();
    }

    /// What is set for a topic.
    ///
    /// @throws NoSuchTopicException there is no such topic
    public LakeTopic of(String topic) {
        return memory.all().getOrDefault(id(topic), LakeTopic.NOTHING_SET);
    }

    /// @throws NoSuchTopicException there is no such topic
    public LakeTopic alter(String topic, UnaryOperator<LakeTopic> change) {
        return memory.update(id(topic), change);
    }

    private UUID id(String topic) {
        return ArchiveLayout.uuid(
                AdminAnswers.about(topic, admin.describeTopics(List.of(topic)).allTopicNames())
                        .values()
                        .iterator()
                        .next()
                        .topicId());
    }

    /// By name: the topics of which something is set.
    public Map<String, LakeTopic> byName() {
        Map<UUID, LakeTopic> set = memory.all();
        if (set.isEmpty()) {
            return Map.of();
        }
        Map<String, LakeTopic> found = new HashMap<>();
        for (TopicListing topic : AdminAnswers.about("*", admin.listTopics().listings())) {
            LakeTopic settings = set.get(ArchiveLayout.uuid(topic.topicId()));
            if (settings != null) {
                found.put(topic.name(), settings);
            }
        }
        return found;
    }
}

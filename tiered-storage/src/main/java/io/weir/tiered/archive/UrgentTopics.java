package io.weir.tiered.archive;

import java.util.Set;

/// Topics whose copies somebody waits for (`tier now`). One per process, as Kafka makes the plugin by reflection. Safe
/// for use by any thread.
final class UrgentTopics {
    static final UrgentTopics PROCESS = new UrgentTopics();

    private volatile Set<String> topics = Set.of();

    boolean has(String topic) {
        return topics.contains(topic);
    }

    /// Replaces what was set before.
    void set(Set<String> waitedFor) {
        topics = Set.copyOf(waitedFor);
    }
}

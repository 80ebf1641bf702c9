package io.weir.tiered.wiring;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.archive.LakeRetention;
import io.weir.tiered.archive.LakeTopic;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.table.ArchivedTopics;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.function.Supplier;

/// What the committer asks, answered by the archive's own parts.
/// @param settings of topics, by id
record LakeTopics(ArchiveHere.Parts parts, Supplier<Map<UUID, LakeTopic>> settings) implements ArchivedTopics {
    @Override
    public Iterable<String> archived() {
        return parts.archiving().topics();
    }

    @Override
    public Map<String, UUID> ids() {
        return parts.archiving().ids();
    }

    @Override
    public ArchivedTopic snapshot(String topic) {
        return parts.fold().snapshot(topic);
    }

    @Override
    public LakeRetention retention(UUID topicId) {
        return settings.get()
                .getOrDefault(topicId, LakeTopic.NOTHING_SET)
                .retention()
                .orElse(LakeRetention.FOLLOW);
    }

    @Override
    public Set<String> listed(UUID topicId) {
        return parts.fold().listed(topicId);
    }
}

package io.weir.tiered.wiring;

import io.weir.tiered.archive.ArchivedTopic;
import io.weir.tiered.rest.ArchiveHere;
import io.weir.tiered.table.ArchivedTopics;
import java.util.Map;
import java.util.UUID;

/// What the committer asks, answered by the archive's own parts.
record LakeTopics(ArchiveHere.Parts parts) implements ArchivedTopics {
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
}

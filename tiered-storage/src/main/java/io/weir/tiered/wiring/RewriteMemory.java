package io.weir.tiered.wiring;

import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import io.weir.tiered.archive.RewriteCounts;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Counts of replaced sidecars as records `rewritten/<topic id>` of `__weir_catalog`, a number as text. Other
/// keys of
/// the topic are not its business.
final class RewriteMemory implements RewriteCounts {
    private static final String PREFIX = "rewritten/";

    private final Journal<Map<UUID, Long>> journal;

    RewriteMemory(Journal<Map<UUID, Long>> journal) {
        this.journal = journal;
    }

    static Map<UUID, Long> apply(Map<UUID, Long> state, String key, byte @Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return state;
        }
        Map<UUID, Long> changed = new HashMap<>(state);
        UUID topic = UUID.fromString(key.substring(PREFIX.length()));
        if (value == null) {
            changed.remove(topic);
        } else {
            changed.put(topic, Long.parseLong(new String(value, StandardCharsets.US_ASCII)));
        }
        return Map.copyOf(changed);
    }

    @Override
    public long of(UUID topicId) {
        return journal.state().getOrDefault(topicId, 0L);
    }

    @Override
    public void increment(UUID topicId) {
        Long unused = journal.write(state -> {
            long next = state.getOrDefault(topicId, 0L) + 1;
            byte[] value = Long.toString(next).getBytes(StandardCharsets.US_ASCII);
            return new Decision<>(List.of(new Entry(PREFIX + topicId, value)), next);
        });
    }
}

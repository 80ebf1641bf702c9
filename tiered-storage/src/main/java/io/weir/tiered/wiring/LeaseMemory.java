package io.weir.tiered.wiring;

import io.weir.log.journal.Decision;
import io.weir.log.journal.Entry;
import io.weir.log.journal.Journal;
import io.weir.tiered.archive.RewriteLeases;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Leases as records `rewriting/<topic id>` of `__weir_catalog`: `<until, ms> <owner>`. The journal decides on the
/// newest state, so of two nodes one gets it. Clocks may differ by as much as a lease is longer than a put.
final class LeaseMemory implements RewriteLeases {
    private static final String PREFIX = "rewriting/";
    private static final Duration LASTS = Duration.ofMinutes(5);

    private final Journal<Map<UUID, Lease>> journal;
    private final String owner;
    private final Duration longestPut;
    private final Clock clock;

    /// Until then, a topic's sidecars are one node's to replace.
    record Lease(Instant until, String owner) {}

    /// @param owner this node, also after its next start
    /// @param longestPut after which a put has ended, one way or the other
    LeaseMemory(Journal<Map<UUID, Lease>> journal, String owner, Duration longestPut, Clock clock) {
        this.journal = journal;
        this.owner = owner;
        this.longestPut = longestPut;
        this.clock = clock;
    }

    static Map<UUID, Lease> apply(Map<UUID, Lease> state, String key, byte @Nullable [] value) {
        if (!key.startsWith(PREFIX)) {
            return state;
        }
        Map<UUID, Lease> changed = new HashMap<>(state);
        UUID topic = UUID.fromString(key.substring(PREFIX.length()));
        if (value == null) {
            changed.remove(topic);
        } else {
            String text = new String(value, StandardCharsets.UTF_8);
            int space = text.indexOf(' ');
            changed.put(
                    topic,
                    new Lease(
                            Instant.ofEpochMilli(Long.parseLong(text.substring(0, space))), text.substring(space + 1)));
        }
        return Map.copyOf(changed);
    }

    @Override
    public boolean take(UUID topicId) {
        Lease known = journal.state().get(topicId);
        Instant now = clock.instant();
        // what is known here may be old, but nobody else takes a lease before its end
        if (known != null
                && known.owner().equals(owner)
                && known.until().isAfter(now.plus(longestPut).plus(longestPut))) {
            return true;
        }
        return journal.write(state -> {
            Lease last = state.get(topicId);
            if (last != null && !last.owner().equals(owner) && last.until().isAfter(now)) {
                return new Decision<>(List.of(), false);
            }
            long until = now.plus(LASTS).plus(longestPut).plus(longestPut).toEpochMilli();
            byte[] value = (until + " " + owner).getBytes(StandardCharsets.UTF_8);
            return new Decision<>(List.of(new Entry(PREFIX + topicId, value)), true);
        });
    }
}

package io.weir.tiered.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.table.MemoryJournal;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// Whose turn a topic's sidecars are.
class LeaseMemoryTest {
    private static final UUID TOPIC = new UUID(1, 2);
    private static final Duration PUT = Duration.ofSeconds(30);
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final MemoryJournal<Map<UUID, LeaseMemory.Lease>> journal =
            new MemoryJournal<>(Map.of(), LeaseMemory::apply);

    private boolean takes(String node, Duration later) {
        Clock clock = Clock.fixed(START.plus(later), ZoneOffset.UTC);
        return new LeaseMemory(journal, node, PUT, clock).take(TOPIC);
    }

    @Test
    void oneNodeHasATopicUntilItsLeaseHasEndedAndKeepsItOverARestart() {
        assertThat(takes("a", Duration.ZERO)).isTrue();
        assertThat(takes("b", Duration.ofMinutes(1))).isFalse();
        // as long as a put that began just now may take, and longer
        assertThat(takes("a", Duration.ofMinutes(5).plus(PUT))).isTrue();
        assertThat(takes("b", Duration.ofMinutes(7))).isFalse();

        assertThat(takes("b", Duration.ofMinutes(12))).isTrue();
        assertThat(takes("a", Duration.ofMinutes(12))).isFalse();
    }

    @Test
    void otherKeysOfTheCatalogAreNotItsBusiness() {
        assertThat(LeaseMemory.apply(Map.of(), "rewritten/" + TOPIC, new byte[] {'1'}))
                .isEmpty();
    }
}

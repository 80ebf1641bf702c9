package io.weir.tiered.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tiered.archive.PendingTier;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// The catalog's fold as far as `tier now` goes.
class CatalogMemoryTest {
    private static final PendingTier PENDING = new PendingTier("flights", "1073741824", Map.of(0, 1742L, 2, 9L));

    @Test
    void aPendingTierIsReadBackAsItWasWritten() {
        Map<String, PendingTier> state =
                CatalogMemory.apply(Map.of(), "tier-now/flights", CatalogMemory.write(PENDING));

        assertThat(state).containsExactly(Map.entry("flights", PENDING));
        assertThat(CatalogMemory.apply(state, "tier-now/flights", null)).isEmpty();
    }

    @Test
    void otherKeysOfTheCatalogAreNotItsBusiness() {
        Map<String, PendingTier> state = Map.of("flights", PENDING);

        assertThat(CatalogMemory.apply(state, "topic/flights", new byte[] {1})).isSameAs(state);
    }

    @Test
    void whatANewerVersionWroteIsPassedOver() {
        byte[] unknown = "[1,2".getBytes(StandardCharsets.UTF_8);

        assertThat(CatalogMemory.apply(Map.of(), "tier-now/flights", unknown)).isEmpty();
    }
}

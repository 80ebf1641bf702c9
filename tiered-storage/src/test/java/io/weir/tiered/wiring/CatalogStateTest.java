package io.weir.tiered.wiring;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.log.journal.Journal;
import io.weir.tiered.archive.PendingTier;
import io.weir.tiered.query.schema.PinnedSchemas;
import io.weir.tiered.query.schema.TopicSchema;
import io.weir.tiered.table.MemoryJournal;
import io.weir.tiered.table.TablePointer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

/// One journal, three users.
class CatalogStateTest {
    private final MemoryJournal<CatalogState> journal = new MemoryJournal<>(CatalogState.EMPTY, CatalogState::fold);

    @Test
    void eachPartIsWrittenWithoutTheOthersNoticing() {
        // Given
        CatalogMemory memory = new CatalogMemory(new JournalPart<>(journal, CatalogState::pending));
        Journal<Map<String, TopicSchema>> schemas = new JournalPart<>(journal, CatalogState::schemas);
        io.weir.log.topic.TopicName orders = io.weir.log.topic.TopicName.of("orders");

        // When
        PendingTier pending = new PendingTier("orders", "7", Map.of(0, 5L));
        memory.update("orders", known -> pending);
        TopicSchema schema = new PinnedSchemas(schemas)
                .current(orders, "id", 3, () -> List.of("{\"n\":1}".getBytes(StandardCharsets.UTF_8)));

        // Then
        assertThat(memory.all()).isEqualTo(Map.of("orders", pending));
        assertThat(new PinnedSchemas(new JournalPart<>(journal.openAgain(), CatalogState::schemas)).find(orders, "id"))
                .contains(schema);
        assertThat(journal.state().tables()).isEmpty();
    }

    @Test
    void aPointerReadsBackAndLeavesWithItsKey() {
        byte[] value = ("{\"location\":\"file:///a/x.json\",\"topic\":\"orders\",\"topicId\":"
                        + "\"00000000-0000-0001-0000-000000000002\",\"later\":1}")
                .getBytes(StandardCharsets.UTF_8);

        CatalogState with = CatalogState.fold(CatalogState.EMPTY, "table/lake/orders", value);

        assertThat(with.tables())
                .isEqualTo(Map.of("lake/orders", new TablePointer("file:///a/x.json", "orders", new UUID(1, 2))));
        assertThat(CatalogState.fold(with, "table/lake/orders", null)).isEqualTo(CatalogState.EMPTY);
        assertThat(CatalogState.fold(CatalogState.EMPTY, "table/lake/orders", new byte[] {1}))
                .isEqualTo(CatalogState.EMPTY);
    }
}

package io.weir.tiered.wiring;

import io.weir.tiered.query.schema.TableColumns;
import io.weir.tiered.query.schema.TopicSchema;
import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.TopicColumns;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import org.apache.kafka.common.Uuid;

/// A topic's table begins with the columns that SQL has pinned for the topic, so that they keep their names and types
/// when rows move to the archive. Safe for use by any thread.
final class PinnedColumnsFirst implements LakeSchema {
    private static final Duration FIRST_COLUMNS_WITHIN = Duration.ofSeconds(30);

    private final LakeSchema tables;
    private final Supplier<Map<String, TopicSchema>> pinned;

    /// @param pinned by topic
    PinnedColumnsFirst(LakeSchema tables, Supplier<Map<String, TopicSchema>> pinned) {
        this.tables = tables;
        this.pinned = pinned;
    }

    @Override
    public TopicColumns columns(String topic, UUID topicId) throws IOException {
        TopicColumns known = tables.columns(topic, topicId);
        List<Column> first = known.columns().isEmpty() ? first(topic, topicId) : List.of();
        return first.isEmpty() ? known : tables.grow(topic, topicId, first, FIRST_COLUMNS_WITHIN);
    }

    private List<Column> first(String topic, UUID topicId) {
        TopicSchema schema = pinned.get().get(topic);
        String id = new Uuid(topicId.getMostSignificantBits(), topicId.getLeastSignificantBits()).toString();
        return schema == null || !schema.topicId().equals(id) ? List.of() : TableColumns.toTable(schema);
    }

    @Override
    public TopicColumns grow(String topic, UUID topicId, List<Column> wanted, Duration deadline) throws IOException {
        return tables.grow(topic, topicId, wanted, deadline);
    }
}

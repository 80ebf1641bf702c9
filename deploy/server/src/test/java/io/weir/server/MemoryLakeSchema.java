package io.weir.server;

import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnType;
import io.weir.tiered.shape.LakeSchema;
import io.weir.tiered.shape.TopicColumns;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/// Columns of topics without tables.
final class MemoryLakeSchema implements LakeSchema {
    private final Map<UUID, TopicColumns> topics = new HashMap<>();
    private int next = 13;

    @Override
    public synchronized TopicColumns columns(String topic, UUID topicId) {
        return topics.getOrDefault(topicId, TopicColumns.NONE);
    }

    @Override
    public synchronized TopicColumns grow(String topic, UUID topicId, List<Column> wanted, Duration deadline) {
        TopicColumns known = columns(topic, topicId);
        List<Column> all = numbered(wanted);
        TopicColumns grown = all.equals(known.columns()) ? known : new TopicColumns(known.schemaId() + 1, all);
        topics.put(topicId, grown);
        return grown;
    }

    private List<Column> numbered(List<Column> columns) {
        return columns.stream().map(this::numbered).toList();
    }

    private Column numbered(Column column) {
        int id = column.fieldId() == 0 ? next++ : column.fieldId();
        ColumnType type = switch (column.type()) {
            case ColumnType.Scalar scalar -> scalar;
            case ColumnType.Decimal decimal -> decimal;
            case ColumnType.Struct struct -> new ColumnType.Struct(numbered(struct.fields()));
            case ColumnType.ListOf list -> new ColumnType.ListOf(numbered(list.element()));
        };
        return new Column(id, column.name(), column.source(), type);
    }
}

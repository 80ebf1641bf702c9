package io.weir.tiered.shape;

import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.ColumnType.Struct;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/// Numbers the columns of each topic itself, from 13 on: a table without a table.
public final class CountingLakeSchema implements LakeSchema {
    private final Map<UUID, TopicColumns> topics = new ConcurrentHashMap<>();
    private int next = 13;

    @Override
    public synchronized TopicColumns columns(String topic, UUID topicId) {
        return topics.getOrDefault(topicId, TopicColumns.NONE);
    }

    @Override
    public synchronized TopicColumns grow(String topic, UUID topicId, List<Column> wanted, Duration deadline) {
        TopicColumns known = columns(topic, topicId);
        List<Column> numbered = numbered(wanted);
        TopicColumns grown =
                numbered.equals(known.columns()) ? known : new TopicColumns(known.schemaId() + 1, numbered);
        topics.put(topicId, grown);
        return grown;
    }

    /// Topics begin again without columns; ids are not used twice.
    public synchronized void forget() {
        topics.clear();
    }

    private List<Column> numbered(List<Column> columns) {
        return columns.stream().map(this::numbered).toList();
    }

    private Column numbered(Column column) {
        int id = column.fieldId() == 0 ? next++ : column.fieldId();
        ColumnType type = switch (column.type()) {
            case Scalar scalar -> scalar;
            case Decimal decimal -> decimal;
            case Struct struct -> new Struct(numbered(struct.fields()));
            case ListOf list -> new ListOf(numbered(list.element()));
        };
        return new Column(id, column.name(), column.source(), type);
    }
}

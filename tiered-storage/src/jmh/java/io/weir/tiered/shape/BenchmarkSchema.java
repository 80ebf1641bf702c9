package io.weir.tiered.shape;

import java.time.Duration;
import java.util.List;
import java.util.UUID;

/// Numbers the columns of one topic itself.
public final class BenchmarkSchema implements LakeSchema {
    private int next = 13;
    private TopicColumns columns = TopicColumns.NONE;

    @Override
    public synchronized TopicColumns columns(String topic, UUID topicId) {
        return columns;
    }

    @Override
    public synchronized TopicColumns grow(String topic, UUID topicId, List<Column> wanted, Duration deadline) {
        columns = new TopicColumns(columns.schemaId() + 1, numbered(wanted));
        return columns;
    }

    private List<Column> numbered(List<Column> wanted) {
        return wanted.stream().map(this::numbered).toList();
    }

    private Column numbered(Column column) {
        int id = column.fieldId() == 0 ? next++ : column.fieldId();
        ColumnType type = switch (column.type()) {
            case ColumnType.Struct struct -> new ColumnType.Struct(numbered(struct.fields()));
            case ColumnType.ListOf list -> new ColumnType.ListOf(numbered(list.element()));
            case ColumnType.Decimal decimal -> decimal;
            case ColumnType.Scalar scalar -> scalar;
        };
        return new Column(id, column.name(), column.source(), type);
    }
}

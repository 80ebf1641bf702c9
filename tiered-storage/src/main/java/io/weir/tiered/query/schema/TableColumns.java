package io.weir.tiered.query.schema;

import io.weir.tiered.shape.TopicColumns;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// Brings together the columns that a topic's table has and those that SQL has pinned. Pure.
public final class TableColumns {
    private TableColumns() {}

    /// The columns of SQL: those of the table, by its names and types; then pinned ones whose member has none there.
    public static TopicSchema over(TopicSchema pinned, TopicColumns table) {
        if (table.columns().isEmpty()) {
            return pinned;
        }
        List<Column> columns = new ArrayList<>();
        Set<String> keys = new HashSet<>();
        Set<String> names = new HashSet<>();
        for (io.weir.tiered.shape.Column column : table.columns()) {
            Column.Origin origin = column.isWholeValue() ? Column.Origin.TABLE_WHOLE_VALUE : Column.Origin.TABLE;
            keys.add(column.source());
            String name = names.add(folded(column.plainName())) ? column.plainName() : column.name();
            names.add(folded(name));
            toSql(column, name, origin).ifPresent(columns::add);
        }
        for (Column column : pinned.columns()) {
            if (!keys.contains(column.key()) && names.add(folded(column.name()))) {
                columns.add(column);
            }
        }
        return new TopicSchema(
                pinned.topicId(), TopicSchema.Values.OBJECTS, columns, pinned.nextFieldId(), pinned.seenUpTo());
    }

    /// What a table should begin with, so that columns which SQL has shown keep their names and types. Columns of
    /// mixed JSON have no counterpart and are left out.
    public static List<io.weir.tiered.shape.Column> toTable(TopicSchema pinned) {
        return pinned.columns().stream()
                .map(TableColumns::toTable)
                .flatMap(Optional::stream)
                .toList();
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    /// Empty for a member that no JSON path can name, and for numbers that SQL could not show exactly.
    private static Optional<Column> toSql(io.weir.tiered.shape.Column column, String name, Column.Origin origin) {
        return SchemaInference.isReachable(column.source())
                ? toSql(column.type()).map(type -> new Column(name, column.source(), type, column.fieldId(), 1, origin))
                : Optional.empty();
    }

    private static Optional<ColumnType> toSql(io.weir.tiered.shape.ColumnType type) {
        return switch (type) {
            case io.weir.tiered.shape.ColumnType.Scalar scalar ->
                Optional.of(
                        switch (scalar) {
                            case LONG -> ColumnType.Scalar.BIGINT;
                            case DOUBLE -> ColumnType.Scalar.DOUBLE;
                            case BOOLEAN -> ColumnType.Scalar.BOOLEAN;
                            case STRING -> ColumnType.Scalar.VARCHAR;
                            case JSON -> ColumnType.Scalar.JSON;
                            case BINARY -> ColumnType.Scalar.BLOB;
                            case UUID -> ColumnType.Scalar.UUID;
                            case TIMESTAMP -> ColumnType.Scalar.TIMESTAMPTZ;
                        });
            case io.weir.tiered.shape.ColumnType.Decimal decimal ->
                decimal.scale() <= ColumnType.Decimal.MOST_SCALE
                        ? Optional.of(new ColumnType.Decimal(decimal.scale()))
                        : Optional.empty();
            case io.weir.tiered.shape.ColumnType.Struct struct -> {
                List<Column> fields = struct.fields().stream()
                        .filter(field -> !field.isElementShape())
                        .map(field -> toSql(field, field.name(), Column.Origin.TABLE))
                        .flatMap(Optional::stream)
                        .toList();
                yield fields.isEmpty() ? Optional.empty() : Optional.of(new ColumnType.Struct(fields));
            }
            case io.weir.tiered.shape.ColumnType.ListOf list ->
                toSql(list.element().type()).map(ColumnType.Listing::new);
        };
    }

    private static Optional<io.weir.tiered.shape.Column> toTable(Column column) {
        return toTable(column.type())
                .map(type -> new io.weir.tiered.shape.Column(0, column.name(), column.key(), type));
    }

    private static Optional<io.weir.tiered.shape.ColumnType> toTable(ColumnType type) {
        return switch (type) {
            case ColumnType.Scalar scalar ->
                switch (scalar) {
                    case BIGINT -> Optional.of(io.weir.tiered.shape.ColumnType.LONG);
                    case DOUBLE -> Optional.of(io.weir.tiered.shape.ColumnType.DOUBLE);
                    case BOOLEAN -> Optional.of(io.weir.tiered.shape.ColumnType.BOOLEAN);
                    case UUID -> Optional.of(io.weir.tiered.shape.ColumnType.UUID);
                    case TIMESTAMPTZ -> Optional.of(io.weir.tiered.shape.ColumnType.TIMESTAMP);
                    case VARCHAR -> Optional.of(io.weir.tiered.shape.ColumnType.STRING);
                    case BLOB -> Optional.of(io.weir.tiered.shape.ColumnType.BINARY);
                    case JSON -> Optional.empty();
                };
            case ColumnType.Decimal decimal ->
                Optional.of(new io.weir.tiered.shape.ColumnType.Decimal(
                        io.weir.tiered.shape.ColumnType.Decimal.MAX_PRECISION, decimal.scale()));
            case ColumnType.Struct struct -> {
                List<io.weir.tiered.shape.Column> fields = struct.fields().stream()
                        .map(TableColumns::toTable)
                        .flatMap(Optional::stream)
                        .toList();
                yield fields.isEmpty()
                        ? Optional.empty()
                        : Optional.of(new io.weir.tiered.shape.ColumnType.Struct(fields));
            }
            case ColumnType.Listing list ->
                toTable(list.element())
                        .map(element -> new io.weir.tiered.shape.ColumnType.ListOf(
                                new io.weir.tiered.shape.Column(0, "element", "element", element)));
        };
    }
}

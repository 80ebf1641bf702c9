package io.weir.tiered.table;

import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnType;
import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.ColumnType.Struct;
import java.util.ArrayList;
import java.util.List;
import org.apache.iceberg.Schema;
import org.apache.iceberg.types.Type;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;
import org.jspecify.annotations.Nullable;

/// A topic's columns as fields of an Iceberg schema, and back. A field's doc keeps the key in the data where
/// the name differs from it.
final class ColumnMapping {
    private ColumnMapping() {}

    /// The columns beyond the nine fixed ones. A field of a type that Weir does not write (another engine
    /// added it) is passed over.
    static List<Column> columns(Schema schema) {
        List<Column> columns = new ArrayList<>();
        for (NestedField field : schema.columns()) {
            if (field.fieldId() > FixedColumns.COUNT) {
                Column column = column(field);
                if (column != null) {
                    columns.add(column);
                }
            }
        }
        return columns;
    }

    private static @Nullable Column column(NestedField field) {
        ColumnType type = type(field.type());
        String source = field.doc() == null ? field.name() : field.doc();
        if (type == Scalar.STRING && field.doc() != null && Column.isJsonText(field.name(), source)) {
            type = Scalar.JSON;
        }
        return type == null ? null : new Column(field.fieldId(), field.name(), source, type);
    }

    private static @Nullable ColumnType type(Type type) {
        return switch (type.typeId()) {
            case LONG -> Scalar.LONG;
            case DOUBLE -> Scalar.DOUBLE;
            case BOOLEAN -> Scalar.BOOLEAN;
            case STRING -> Scalar.STRING;
            case BINARY -> Scalar.BINARY;
            case UUID -> Scalar.UUID;
            case TIMESTAMP -> ((Types.TimestampType) type).shouldAdjustToUTC() ? Scalar.TIMESTAMP : null;
            case DECIMAL -> decimal((Types.DecimalType) type);
            case STRUCT -> struct(type.asStructType());
            case LIST -> list(type.asListType());
            default -> null;
        };
    }

    private static @Nullable ColumnType decimal(Types.DecimalType type) {
        return type.precision() > Decimal.MAX_PRECISION ? null : new Decimal(type.precision(), type.scale());
    }

    private static ColumnType struct(Types.StructType type) {
        List<Column> fields = new ArrayList<>();
        for (NestedField field : type.fields()) {
            Column column = column(field);
            if (column != null) {
                fields.add(column);
            }
        }
        return new Struct(fields);
    }

    private static @Nullable ColumnType list(Types.ListType type) {
        Column element = column(type.fields().getFirst());
        return element == null ? null : new ListOf(element);
    }

    /// A schema of these columns alone, to be united with the table's by name. Its ids mean nothing.
    static Schema schema(List<Column> columns) {
        return new Schema(fields(columns, new Ids()));
    }

    private static final class Ids {
        private int last;

        int next() {
            return ++last;
        }
    }

    private static List<NestedField> fields(List<Column> columns, Ids ids) {
        List<NestedField> fields = new ArrayList<>();
        for (Column column : columns) {
            String doc = column.source().equals(column.name()) ? null : column.source();
            fields.add(NestedField.optional(ids.next(), column.name(), type(column.type(), ids), doc));
        }
        return fields;
    }

    private static Type type(ColumnType type, Ids ids) {
        return switch (type) {
            case Scalar scalar ->
                switch (scalar) {
                    case LONG -> Types.LongType.get();
                    case DOUBLE -> Types.DoubleType.get();
                    case BOOLEAN -> Types.BooleanType.get();
                    case STRING, JSON -> Types.StringType.get();
                    case BINARY -> Types.BinaryType.get();
                    case UUID -> Types.UUIDType.get();
                    case TIMESTAMP -> Types.TimestampType.withZone();
                };
            case Decimal decimal -> Types.DecimalType.of(decimal.precision(), decimal.scale());
            case Struct struct -> Types.StructType.of(fields(struct.fields(), ids));
            case ListOf list ->
                Types.ListType.ofOptional(ids.next(), type(list.element().type(), ids));
        };
    }
}

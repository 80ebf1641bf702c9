package io.weir.tiered.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.decimalType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.listType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.uuidType;

import io.weir.tiered.shape.Column;
import io.weir.tiered.shape.ColumnType;
import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.ColumnType.Struct;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimestampLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.UUIDLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/// Typed columns as Parquet fields in Iceberg's layout, and back. Fields are known by their ids, never by name.
final class TypedSchema {
    private static final int UUID_BYTES = 16;

    private TypedSchema() {}

    /// The nine fixed columns, then these.
    static MessageType of(List<Column> columns) {
        List<Type> fields = new ArrayList<>(RecordSchema.MESSAGE.getFields());
        columns.forEach(column -> fields.add(field(column)));
        return new MessageType(RecordSchema.MESSAGE.getName(), fields);
    }

    private static Type field(Column column) {
        int id = column.fieldId();
        String name = column.name();
        return switch (column.type()) {
            case Struct struct ->
                Types.optionalGroup()
                        .addFields(
                                struct.fields().stream().map(TypedSchema::field).toArray(Type[]::new))
                        .id(id)
                        .named(name);
            case ListOf list ->
                Types.optionalGroup()
                        .as(listType())
                        .addField(Types.repeatedGroup()
                                .addField(field(list.element()))
                                .named("list"))
                        .id(id)
                        .named(name);
            case Decimal decimal ->
                Types.optional(PrimitiveTypeName.INT64)
                        .as(decimalType(decimal.scale(), decimal.precision()))
                        .id(id)
                        .named(name);
            case Scalar scalar -> scalar(scalar, id, name);
        };
    }

    private static Type scalar(Scalar type, int id, String name) {
        return switch (type) {
            case LONG -> Types.optional(PrimitiveTypeName.INT64).id(id).named(name);
            case DOUBLE -> Types.optional(PrimitiveTypeName.DOUBLE).id(id).named(name);
            case BOOLEAN -> Types.optional(PrimitiveTypeName.BOOLEAN).id(id).named(name);
            case STRING, JSON ->
                Types.optional(PrimitiveTypeName.BINARY).as(stringType()).id(id).named(name);
            case BINARY -> Types.optional(PrimitiveTypeName.BINARY).id(id).named(name);
            case UUID ->
                Types.optional(PrimitiveTypeName.FIXED_LEN_BYTE_ARRAY)
                        .length(UUID_BYTES)
                        .as(uuidType())
                        .id(id)
                        .named(name);
            case TIMESTAMP ->
                Types.optional(PrimitiveTypeName.INT64)
                        .as(timestampType(true, TimeUnit.MICROS))
                        .id(id)
                        .named(name);
        };
    }

    /// The typed columns of a file. Their leaves are the file's, in order, behind those of the fixed columns.
    ///
    /// @throws IllegalStateException the file does not begin with the fixed columns, or holds a type that shapes do
    ///     not know
    static List<Column> columns(MessageType file) {
        int fixed = RecordSchema.MESSAGE.getFieldCount();
        for (int i = 0; i < fixed; i++) {
            String name = RecordSchema.MESSAGE.getFieldName(i);
            if (i >= file.getFieldCount() || !file.getFieldName(i).equals(name)) {
                throw new IllegalStateException("The file does not begin with the nine fixed columns.");
            }
        }
        return file.getFields().subList(fixed, file.getFieldCount()).stream()
                .map(TypedSchema::column)
                .toList();
    }

    private static Column column(Type field) {
        if (field.getId() == null || field.getRepetition() != Type.Repetition.OPTIONAL) {
            throw new IllegalStateException("Column '" + field.getName() + "' must be optional and have a field id.");
        }
        return new Column(field.getId().intValue(), field.getName(), field.getName(), type(field));
    }

    private static ColumnType type(Type field) {
        LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
        if (!field.isPrimitive()) {
            GroupType group = field.asGroupType();
            if (logical instanceof ListLogicalTypeAnnotation) {
                return new ListOf(column(group.getType(0).asGroupType().getType(0)));
            }
            return new Struct(
                    group.getFields().stream().map(TypedSchema::column).toList());
        }
        ColumnType type = switch (field.asPrimitiveType().getPrimitiveTypeName()) {
            case INT64 -> wholeNumber(Optional.ofNullable(logical));
            case DOUBLE -> ColumnType.DOUBLE;
            case BOOLEAN -> ColumnType.BOOLEAN;
            case BINARY -> logical instanceof StringLogicalTypeAnnotation ? ColumnType.STRING : ColumnType.BINARY;
            case FIXED_LEN_BYTE_ARRAY -> logical instanceof UUIDLogicalTypeAnnotation ? ColumnType.UUID : null;
            case INT32, INT96, FLOAT -> null;
        };
        if (type == null) {
            throw new IllegalStateException("Column '" + field.getName() + "' has a type that no shape fills.");
        }
        return type;
    }

    private static ColumnType wholeNumber(Optional<LogicalTypeAnnotation> logical) {
        if (logical.isEmpty()) {
            return ColumnType.LONG;
        }
        return switch (logical.get()) {
            case TimestampLogicalTypeAnnotation timestamp -> ColumnType.TIMESTAMP;
            case DecimalLogicalTypeAnnotation decimal -> new Decimal(decimal.getPrecision(), decimal.getScale());
            default -> ColumnType.LONG;
        };
    }
}

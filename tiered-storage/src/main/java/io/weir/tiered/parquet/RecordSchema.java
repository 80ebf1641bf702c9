package io.weir.tiered.parquet;

import static org.apache.parquet.schema.LogicalTypeAnnotation.listType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.stringType;
import static org.apache.parquet.schema.LogicalTypeAnnotation.timestampType;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BINARY;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.BOOLEAN;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT32;
import static org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName.INT64;

import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.schema.LogicalTypeAnnotation.TimeUnit;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Types;

/// The nine fixed columns, field ids 1-9 in this order and 10-12 inside `_headers`, laid out as Iceberg lays out
/// `list<struct<key, value>>`.
final class RecordSchema {
    static final MessageType MESSAGE = Types.buildMessage()
            .addField(Types.required(INT32).id(1).named("_partition"))
            .addField(Types.required(INT64).id(2).named("_offset"))
            .addField(Types.optional(INT64)
                    .as(timestampType(true, TimeUnit.MICROS))
                    .id(3)
                    .named("_timestamp"))
            .addField(Types.optional(BINARY).as(stringType()).id(4).named("_key"))
            .addField(Types.optional(BINARY).id(5).named("_key_raw"))
            .addField(Types.requiredGroup()
                    .as(listType())
                    .addField(Types.repeatedGroup()
                            .addField(Types.requiredGroup()
                                    .addField(Types.required(BINARY)
                                            .as(stringType())
                                            .id(11)
                                            .named("key"))
                                    .addField(Types.optional(BINARY).id(12).named("value"))
                                    .id(10)
                                    .named("element"))
                            .named("list"))
                    .id(6)
                    .named("_headers"))
            .addField(Types.required(BOOLEAN).id(7).named("_tombstone"))
            .addField(Types.optional(INT64).id(8).named("_shape"))
            .addField(Types.optional(BINARY).id(9).named("_raw"))
            .named("record");

    static final ColumnDescriptor PARTITION = column("_partition");
    static final ColumnDescriptor OFFSET = column("_offset");
    static final ColumnDescriptor TIMESTAMP = column("_timestamp");
    static final ColumnDescriptor KEY = column("_key");
    static final ColumnDescriptor KEY_RAW = column("_key_raw");
    static final ColumnDescriptor HEADER_KEY = column("_headers", "list", "element", "key");
    static final ColumnDescriptor HEADER_VALUE = column("_headers", "list", "element", "value");
    static final ColumnDescriptor TOMBSTONE = column("_tombstone");
    static final ColumnDescriptor SHAPE = column("_shape");
    static final ColumnDescriptor RAW = column("_raw");

    /// Least and greatest timestamp in ms that microseconds can hold.
    static final long MAX_TIMESTAMP_MILLIS = Long.MAX_VALUE / 1000;

    private RecordSchema() {}

    private static ColumnDescriptor column(String... path) {
        return MESSAGE.getColumnDescription(path);
    }
}

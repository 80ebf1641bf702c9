package io.weir.tiered.table;

import java.util.HashMap;
import java.util.Map;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/// The nine columns that every table begins with: field ids 1 to 9 in this order, 10 to 12 inside `_headers`,
/// as the archive's Parquet writer has them. A table is created with these alone, because Iceberg gives ids
/// anew when it creates one; all other columns come later and get theirs from the table.
final class FixedColumns {
    static final int PARTITION = 1;
    static final int OFFSET = 2;
    static final int TIMESTAMP = 3;
    static final int COUNT = 9;

    static final Schema SCHEMA = new Schema(
            NestedField.required(PARTITION, "_partition", Types.IntegerType.get()),
            NestedField.required(OFFSET, "_offset", Types.LongType.get()),
            NestedField.optional(TIMESTAMP, "_timestamp", Types.TimestampType.withZone()),
            NestedField.optional(4, "_key", Types.StringType.get()),
            NestedField.optional(5, "_key_raw", Types.BinaryType.get()),
            NestedField.required(
                    6,
                    "_headers",
                    Types.ListType.ofRequired(
                            10,
                            Types.StructType.of(
                                    NestedField.required(11, "key", Types.StringType.get()),
                                    NestedField.optional(12, "value", Types.BinaryType.get())))),
            NestedField.required(7, "_tombstone", Types.BooleanType.get()),
            NestedField.optional(8, "_shape", Types.LongType.get()),
            NestedField.optional(9, "_raw", Types.BinaryType.get()));

    static final PartitionSpec SPEC =
            PartitionSpec.builderFor(SCHEMA).identity("_partition").build();

    static final SortOrder SORT = SortOrder.builderFor(SCHEMA).asc("_offset").build();

    private FixedColumns() {}

    /// Files carry these ids, so a table with others would read null or fail.
    ///
    /// @throws IllegalStateException the table's ids are others
    static void check(String table, Schema schema) {
        Map<Integer, String> expected = names(SCHEMA);
        Map<Integer, String> found = new HashMap<>(names(schema));
        found.keySet().retainAll(expected.keySet());
        if (!found.equals(expected)) {
            throw new IllegalStateException("Table '" + table + "': its fixed columns must have the field ids "
                    + expected + ", got " + found + ".");
        }
    }

    private static Map<Integer, String> names(Schema schema) {
        return TypeUtil.indexNameById(schema.asStruct());
    }
}

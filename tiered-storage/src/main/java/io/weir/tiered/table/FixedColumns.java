package io.weir.tiered.table;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.apache.iceberg.PartitionSpec;
import org.apache.iceberg.Schema;
import org.apache.iceberg.SortOrder;
import org.apache.iceberg.UpdateSchema;
import org.apache.iceberg.types.TypeUtil;
import org.apache.iceberg.types.Types;
import org.apache.iceberg.types.Types.NestedField;

/// The nine columns that every table begins with: field ids 1 to 9 in this order, 10 to 12 inside `_headers`,
/// as the archive's Parquet writer has them. A table is created with these alone, because Iceberg gives ids
/// anew when it creates one; all other columns come later and get theirs from the table.
///
/// The first is called `_log_partition` in the table and `_partition` in the files: Iceberg keeps the shorter
/// name for a column of its own, and Spark reads no table that has it. Ids decide, names do not.
final class FixedColumns {
    static final int PARTITION = 1;
    static final int OFFSET = 2;
    static final int TIMESTAMP = 3;
    static final int COUNT = 9;

    private static final String PARTITION_NAME = "_log_partition";

    /// What tables were made with at first.
    private static final String FORMER_PARTITION_NAME = "_partition";

    static final Schema SCHEMA = new Schema(
            NestedField.required(PARTITION, PARTITION_NAME, Types.IntegerType.get()),
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
            PartitionSpec.builderFor(SCHEMA).identity(PARTITION_NAME).build();

    static final SortOrder SORT = SortOrder.builderFor(SCHEMA).asc("_offset").build();

    private FixedColumns() {}

    /// Files carry these ids, so a table with others would read null or fail.
    ///
    /// @throws IllegalStateException the table's ids are others
    static void check(String table, Schema schema) {
        Map<Integer, String> expected = names(SCHEMA);
        Map<Integer, String> found = new HashMap<>(names(schema));
        found.replace(PARTITION, FORMER_PARTITION_NAME, PARTITION_NAME);
        found.keySet().retainAll(expected.keySet());
        if (!found.equals(expected)) {
            throw new IllegalStateException("Table '" + table + "': its fixed columns must have the field ids "
                    + expected + ", got " + found + ".");
        }
    }

    /// The name of the column in this table.
    static String partitionName(Schema schema) {
        return schema.findColumnName(PARTITION);
    }

    /// Gives the columns of a table that was made earlier the names of today.
    ///
    /// @param update asked for only when there is something to change
    static void rename(Schema schema, Supplier<UpdateSchema> update) {
        if (FORMER_PARTITION_NAME.equals(partitionName(schema))) {
            update.get().renameColumn(FORMER_PARTITION_NAME, PARTITION_NAME).commit();
        }
    }

    private static Map<Integer, String> names(Schema schema) {
        return TypeUtil.indexNameById(schema.asStruct());
    }
}

package io.weir.tiered.query.schema;

/// One column, or one field of a struct.
///
/// @param name as SQL sees it
/// @param key the object member it comes from; `_value` for a value that is no object
/// @param fieldId stable within the topic, never used again; 1 to 12 are the fixed columns
/// @param share part of the sampled objects that had the member when the column was made, 0 to 1
/// @param origin where its values are
public record Column(String name, String key, ColumnType type, int fieldId, double share, Origin origin) {
    /// Where the values of a column are.
    public enum Origin {
        /// In the values' bytes, wherever a row is read.
        BYTES,
        /// A column of the topic's table, for rows whose bytes are not kept: a member of an object.
        TABLE,
        /// As `TABLE`, and it is the whole value.
        TABLE_WHOLE_VALUE
    }

    /// A column of values' bytes.
    public Column(String name, String key, ColumnType type, int fieldId, double share) {
        this(name, key, type, fieldId, share, Origin.BYTES);
    }

    boolean isInTable() {
        return origin != Origin.BYTES;
    }
}

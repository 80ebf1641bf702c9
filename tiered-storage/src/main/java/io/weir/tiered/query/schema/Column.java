package io.weir.tiered.query.schema;

/// One column, or one field of a struct.
///
/// @param name as SQL sees it
/// @param key the object member it comes from
/// @param fieldId stable within the topic, never used again; 1 to 12 are the fixed columns
/// @param share part of the sampled objects that had the member when the column was made, 0 to 1
public record Column(String name, String key, ColumnType type, int fieldId, double share) {}

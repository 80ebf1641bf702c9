package io.weir.tiered.shape;

import java.util.List;

/// A topic's columns beyond the nine fixed ones.
///
/// @param schemaId of the table's schema that has these columns
/// @param columns of the top level, in order
public record TopicColumns(int schemaId, List<Column> columns) {
    /// A topic whose values all stay as they are.
    public static final TopicColumns NONE = new TopicColumns(0, List.of());

    public TopicColumns {
        columns = List.copyOf(columns);
    }
}

package io.weir.tiered.query.process;

import java.util.OptionalLong;

/// What DuckDB's parser says about a text.
public sealed interface ParseAnswer {
    /// @param json the tree as `json_serialize_sql` writes it: `{"error":false,"statements":[...]}`
    record Tree(String json) implements ParseAnswer {}

    /// @param syntax true: no SQL; false: SQL, but no SELECT
    /// @param position offset of the error in the text, in characters, where known
    record Refused(boolean syntax, String message, OptionalLong position) implements ParseAnswer {}
}

package io.weir.tiered.query.process;

import java.util.List;
import java.util.Optional;

/// What a child is asked to run: the user's text as it is, and what its relations stand for.
///
/// @param sql one SELECT that has passed the gate
/// @param explain answer the plan instead of the rows
/// @param format form of the pages
/// @param maxRows rows after which the result is cut off and marked as truncated
/// @param maxBytes page bytes after which the same happens
public record ChildStatement(
        String sql, List<Relation> relations, boolean explain, Format format, long maxRows, long maxBytes) {
    public ChildStatement {
        relations = List.copyOf(relations);
    }

    /// How pages look.
    public enum Format {
        /// One JSON array per line.
        JSON,
        /// RFC 4180 records.
        CSV
    }

    /// A name in the statement and its rows: the columns, computed over the union of the parts.
    ///
    /// @param columns name and expression over the columns of the files, in the order of `SELECT *`
    /// @param fileColumns columns that the files may have beside the fixed ones
    public record Relation(String name, List<Column> columns, List<FileColumn> fileColumns, List<Part> parts) {
        public Relation {
            columns = List.copyOf(columns);
            fileColumns = List.copyOf(fileColumns);
            parts = List.copyOf(parts);
        }
    }

    public record Column(String name, String expression) {}

    /// A column of a file, null where the file lacks it.
    ///
    /// @param fieldId by which a file has it
    /// @param name in expressions
    /// @param type DuckDB's name of the type
    public record FileColumn(int fieldId, String name, String type) {}

    /// Files of which the same rows count.
    ///
    /// @param files absolute paths of Parquet files with the fixed columns
    /// @param filter condition over the fixed columns; empty: all rows
    public record Part(List<String> files, Optional<String> filter) {
        public Part {
            files = List.copyOf(files);
        }
    }
}

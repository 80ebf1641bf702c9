package io.weir.tiered.query;

import java.util.List;
import java.util.Optional;

/// A SELECT of the node itself over archived rows of one partition: `FROM history`, whose rows are those of the files
/// with `from <= _offset < to`, each once.
///
/// @param columns of `history`
/// @param files with those rows and perhaps others
/// @param maxRows after which the answer is cut off
public record ArchiveStatement(
        String sql, List<Column> columns, int partition, long from, long to, List<ColdFile> files, long maxRows) {
    /// What the statement reads from.
    public static final String RELATION = "history";

    public ArchiveStatement {
        columns = List.copyOf(columns);
        files = List.copyOf(files);
    }

    /// A column of the statement's relation.
    ///
    /// @param expression over the fixed columns of the files and those that are named here
    /// @param inFile the column of the files that it needs beside the fixed ones
    public record Column(String name, String expression, Optional<InFile> inFile) {}

    /// A column of files, null where a file lacks it.
    ///
    /// @param fieldId by which a file has it
    /// @param name in expressions
    /// @param type DuckDB's name of the type
    public record InFile(int fieldId, String name, String type) {}
}

package io.weir.tiered.query.child;

import java.util.Collection;
import java.util.stream.Collectors;

/// Quoting for SQL that we write ourselves.
public final class SqlText {
    private SqlText() {}

    /// A string literal: `it's` becomes `'it''s'`.
    public static String literal(String value) {
        return "'" + value.replace("'", "''") + "'";
    }

    /// A quoted identifier: `a"b` becomes `"a""b"`.
    public static String identifier(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    /// A list literal of string literals.
    public static String literals(Collection<String> values) {
        return values.stream().map(SqlText::literal).collect(Collectors.joining(", ", "[", "]"));
    }
}

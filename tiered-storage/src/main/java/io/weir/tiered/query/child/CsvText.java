package io.weir.tiered.query.child;

/// Cells by RFC 4180.
public final class CsvText {
    private CsvText() {}

    /// The cell, in quotes when it is empty or holds a quote, a comma or a line end.
    public static String quoted(String cell) {
        boolean plain = !cell.isEmpty() && cell.chars().noneMatch(c -> c == '"' || c == ',' || c == '\n' || c == '\r');
        return plain ? cell : '"' + cell.replace("\"", "\"\"") + '"';
    }
}

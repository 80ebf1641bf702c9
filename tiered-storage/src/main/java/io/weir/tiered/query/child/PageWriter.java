package io.weir.tiered.query.child;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/// Collects rows as lines until a page is full. One thread.
abstract sealed class PageWriter {
    /// Aim for a page, in characters; one row more may be in it.
    private static final int PAGE_CHARS = 256 * 1024;

    /// Longest row, in characters: a page must fit a frame even when each character takes four bytes.
    private static final int LONGEST_ROW_CHARS = (Frame.LONGEST_BODY_BYTES - PAGE_CHARS * 4) / 4;

    private final StringBuilder lines = new StringBuilder();
    private final int columns;

    private PageWriter(int columns) {
        this.columns = columns;
    }

    static PageWriter of(String format, int columns) throws IOException {
        return switch (format) {
            case "json" -> new Json(columns);
            case "csv" -> new Csv(columns);
            default -> throw new IOException("EXECUTE: unknown format '" + format + "'.");
        };
    }

    /// Appends the row under the cursor.
    ///
    /// @throws RowTooLong the row alone fills a frame
    void append(ResultSet row) throws SQLException, IOException {
        int start = lines.length();
        appendCells(lines, row, columns);
        lines.append(lineEnd());
        if (lines.length() - start > LONGEST_ROW_CHARS) {
            throw new RowTooLong(lines.length() - start);
        }
    }

    boolean isFull() {
        return lines.length() >= PAGE_CHARS;
    }

    boolean isEmpty() {
        return lines.isEmpty();
    }

    byte[] take() {
        byte[] page = lines.toString().getBytes(StandardCharsets.UTF_8);
        lines.setLength(0);
        return page;
    }

    abstract void appendCells(StringBuilder line, ResultSet row, int columns) throws SQLException, IOException;

    abstract String lineEnd();

    /// One JSON array per line, ended by `\n`.
    private static final class Json extends PageWriter {
        Json(int columns) {
            super(columns);
        }

        @Override
        void appendCells(StringBuilder line, ResultSet row, int columns) throws SQLException, IOException {
            StringWriter text = new StringWriter();
            try (JsonGenerator out = JsonText.FACTORY.createGenerator(text)) {
                out.writeStartArray();
                for (int column = 1; column <= columns; column++) {
                    CellText.write(out, cell(row, column));
                }
                out.writeEndArray();
            }
            line.append(text.getBuffer());
        }

        @Override
        String lineEnd() {
            return "\n";
        }
    }

    /// RFC 4180: null is an empty cell, an empty string is `""`, nested values are JSON text.
    private static final class Csv extends PageWriter {
        Csv(int columns) {
            super(columns);
        }

        @Override
        void appendCells(StringBuilder line, ResultSet row, int columns) throws SQLException, IOException {
            for (int column = 1; column <= columns; column++) {
                if (column > 1) {
                    line.append(',');
                }
                Object value = cell(row, column);
                if (value != null) {
                    line.append(CsvText.quoted(csvText(value)));
                }
            }
        }

        private static String csvText(Object value) throws SQLException, IOException {
            if (value instanceof java.sql.Array || value instanceof java.sql.Struct || value instanceof java.util.Map) {
                StringWriter text = new StringWriter();
                try (JsonGenerator out = JsonText.FACTORY.createGenerator(text)) {
                    CellText.write(out, value);
                }
                return text.toString();
            }
            return CellText.text(value);
        }

        @Override
        String lineEnd() {
            return "\r\n";
        }
    }

    /// Types that the driver does not hand out as objects (intervals, infinite dates) come as DuckDB's own text.
    private static @Nullable Object cell(ResultSet row, int column) throws SQLException {
        try {
            return row.getObject(column);
        } catch (SQLException | RuntimeException e) {
            return row.getString(column);
        }
    }

    static final class RowTooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        RowTooLong(int characters) {
            super("A row of the result has " + characters + " characters; the limit is " + LONGEST_ROW_CHARS + ".");
        }
    }
}

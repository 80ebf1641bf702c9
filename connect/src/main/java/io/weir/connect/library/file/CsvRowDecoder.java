package io.weir.connect.library.file;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.core.util.ByteArrayBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a JSON object of a CSV row, every field a string. Strict about RFC 4180: a quote stands only around
/// a field, doubled inside one; every row has as many fields as the header.
final class CsvRowDecoder implements RowDecoder {
    // text stays text: without this a character beyond U+FFFF would become two escapes
    private static final JsonFactory FACTORY = new JsonFactoryBuilder()
            .enable(JsonWriteFeature.COMBINE_UNICODE_SURROGATES_IN_UTF8)
            .build();

    private final char delimiter;
    private final List<String> columns;
    private final int keyColumn;
    private final int timeColumn;
    private final RecordTime time;

    /// @throws BadLine when the header is no row of CSV, has an empty or a repeated name, or lacks the column
    ///     of the key or the time
    CsvRowDecoder(byte[] header, char delimiter, Optional<String> keyField, Optional<String> timestampField)
            throws BadLine {
        this.delimiter = delimiter;
        this.columns = fields(header);
        HashSet<String> seen = new HashSet<>();
        for (String column : columns) {
            if (column.isEmpty() || !seen.add(column)) {
                throw new BadLine("the header must name each column once, got '" + column + "' "
                        + (column.isEmpty() ? "without a name" : "twice"));
            }
        }
        this.keyColumn = keyField.isEmpty() ? -1 : column(keyField.get(), "key.field");
        this.timeColumn = timestampField.isEmpty() ? -1 : column(timestampField.get(), "timestamp.field");
        this.time = new RecordTime(timestampField.orElse(""));
    }

    @Override
    public @Nullable FileRecord decode(FileRow row) throws BadLine {
        if (row.bytes().length == 0) {
            return null;
        }
        List<String> fields = fields(row.bytes());
        if (fields.size() != columns.size()) {
            throw new BadLine("the row has " + fields.size() + " fields, the header has " + columns.size());
        }
        String key = keyColumn < 0 ? null : present(fields, keyColumn, "key.field");
        Long timestampMillis = timeColumn < 0 ? null : time.millis(present(fields, timeColumn, "timestamp.field"));
        return new FileRecord(key, timestampMillis, json(fields));
    }

    private int column(String name, String setting) throws BadLine {
        int column = columns.indexOf(name);
        if (column < 0) {
            throw new BadLine("the header has no column '" + name + "' for " + setting + ", it has " + columns);
        }
        return column;
    }

    private String present(List<String> fields, int column, String setting) throws BadLine {
        String text = fields.get(column);
        if (text.isEmpty()) {
            throw new BadLine(setting + " '" + columns.get(column) + "' is empty");
        }
        return text;
    }

    private byte[] json(List<String> fields) {
        try (ByteArrayBuilder bytes = new ByteArrayBuilder(256);
                JsonGenerator json = FACTORY.createGenerator(bytes)) {
            json.writeStartObject();
            for (int i = 0; i < fields.size(); i++) {
                json.writeStringField(columns.get(i), fields.get(i));
            }
            json.writeEndObject();
            json.flush();
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("JSON is written to memory", e);
        }
    }

    private List<String> fields(byte[] row) throws BadLine {
        String text;
        try {
            text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(row))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new BadLine("the row is no UTF-8");
        }
        List<String> fields = new ArrayList<>();
        int from = 0;
        while (from >= 0) {
            boolean quoted = from < text.length() && text.charAt(from) == '"';
            int to = quoted ? closingQuote(text, from) + 1 : plainEnd(text, from);
            if (to < text.length() && text.charAt(to) != delimiter) {
                throw new BadLine("field " + (fields.size() + 1) + " goes on behind its closing quote");
            }
            fields.add(
                    quoted
                            ? text.substring(from + 1, to - 1).replace("\"\"", "\"")
                            : checked(text.substring(from, to), fields.size() + 1));
            from = to < text.length() ? to + 1 : -1;
        }
        return fields;
    }

    private int plainEnd(String text, int from) {
        int to = text.indexOf(delimiter, from);
        return to < 0 ? text.length() : to;
    }

    private static int closingQuote(String text, int opening) throws BadLine {
        int at = text.indexOf('"', opening + 1);
        while (at >= 0 && at + 1 < text.length() && text.charAt(at + 1) == '"') {
            at = text.indexOf('"', at + 2);
        }
        if (at < 0) {
            throw new BadLine("a quoted field is not closed");
        }
        return at;
    }

    private static String checked(String plain, int field) throws BadLine {
        if (plain.indexOf('"') >= 0) {
            throw new BadLine("field " + field + " holds a quote but is not quoted");
        }
        return plain;
    }
}

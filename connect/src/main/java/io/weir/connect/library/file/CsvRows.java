package io.weir.connect.library.file;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.connect.sink.SinkRecord;
import org.jspecify.annotations.Nullable;

/// Records as rows of RFC 4180 with LF as the line end. A null is an empty cell, an empty text a pair of
/// quotes.
final class CsvRows implements RowFormat {
    private List<Column> columns;
    private JsonCells keyCells = JsonCells.open();
    private JsonCells valueCells = JsonCells.open();

    /// @param columns empty to take them from the first record
    CsvRows(List<Column> columns) {
        this.columns = columns;
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (!column.path().isEmpty()) {
                JsonCells cells = column.source() == Column.Source.KEY ? keyCells : valueCells;
                cells.add(column.path(), i);
            }
        }
    }

    @Override
    public byte @Nullable [] row(SinkRecord record) throws BadRecord {
        byte[] value = RecordBytes.of(record.value(), "value");
        if (value == null) {
            return null;
        }
        if (columns.isEmpty()) {
            takeColumnsOf(value);
        }
        @Nullable String[] cells = new @Nullable String[columns.size()];
        if (!valueCells.isEmpty()) {
            valueCells.fill(value, cells, "value");
        }
        byte[] key = RecordBytes.of(record.key(), "key");
        if (key != null && !keyCells.isEmpty()) {
            keyCells.fill(key, cells, "key");
        }
        for (int i = 0; i < cells.length; i++) {
            Column column = columns.get(i);
            if (column.path().isEmpty()) {
                cells[i] = whole(column.source(), record, key, value);
            }
        }
        return line(cells);
    }

    @Override
    public void writeHeader(OutputStream out) throws IOException {
        out.write(line(columns.stream().map(Column::name).toArray(String[]::new)));
    }

    private void takeColumnsOf(byte[] value) throws BadRecord {
        List<String> names = JsonCells.names(value);
        if (names.isEmpty()) {
            throw new BadRecord("the first value has no fields to make columns of; name them in 'columns'");
        }
        valueCells = JsonCells.closed(names);
        columns = names.stream()
                .map(name -> new Column(Column.Source.VALUE, name, name))
                .toList();
    }

    private static @Nullable String whole(
            Column.Source source, SinkRecord record, byte @Nullable [] key, byte[] value) {
        return switch (source) {
            case KEY -> key == null ? null : new String(key, StandardCharsets.UTF_8);
            case VALUE -> new String(value, StandardCharsets.UTF_8);
            case TOPIC -> record.topic();
            case PARTITION -> String.valueOf(record.kafkaPartition());
            case OFFSET -> Long.toString(record.kafkaOffset());
            case TIMESTAMP ->
                record.timestamp() == null
                        ? null
                        : Instant.ofEpochMilli(record.timestamp()).toString();
        };
    }

    private static byte[] line(@Nullable String[] cells) {
        StringBuilder line = new StringBuilder(cells.length * 16);
        for (int i = 0; i < cells.length; i++) {
            if (i > 0) {
                line.append(',');
            }
            String cell = cells[i];
            // a lone null must not become a blank line, which readers leave out
            if (cell != null || cells.length == 1) {
                append(line, cell == null ? "" : cell);
            }
        }
        return line.append('\n').toString().getBytes(StandardCharsets.UTF_8);
    }

    private static void append(StringBuilder line, String cell) {
        boolean plain = !cell.isEmpty();
        for (int i = 0; plain && i < cell.length(); i++) {
            char c = cell.charAt(i);
            plain = c != ',' && c != '"' && c != '\n' && c != '\r';
        }
        if (plain) {
            line.append(cell);
            return;
        }
        line.append('"').append(cell.replace("\"", "\"\"")).append('"');
    }
}

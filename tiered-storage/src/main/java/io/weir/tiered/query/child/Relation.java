package io.weir.tiered.query.child;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A topic as the statement sees it: a view whose columns are expressions over the nine fixed columns of the files.
///
/// @param name as written in the statement, without quotes
/// @param columns expressions over the fixed columns, in the order of `SELECT *`
/// @param parts files with the same filter; together the relation's rows, each row once
record Relation(String name, List<Column> columns, List<Part> parts) {
    private record Fixed(String name, String type) {}

    /// The fixed columns as files hold them, with the types of an empty relation.
    private static final List<Fixed> FIXED = List.of(
            new Fixed("_partition", "INTEGER"),
            new Fixed("_offset", "BIGINT"),
            new Fixed("_timestamp", "TIMESTAMPTZ"),
            new Fixed("_key", "VARCHAR"),
            new Fixed("_key_raw", "BLOB"),
            new Fixed("_headers", "STRUCT(\"key\" VARCHAR, \"value\" BLOB)[]"),
            new Fixed("_tombstone", "BOOLEAN"),
            new Fixed("_raw", "BLOB"));

    record Column(String name, String expression) {}

    /// @param filter condition over the fixed columns, or null for all rows of the files
    record Part(List<String> files, @Nullable String filter) {}

    static List<Relation> listFrom(@Nullable Object json) throws IOException {
        List<Relation> relations = new ArrayList<>();
        for (Map<?, ?> relation : objects(json)) {
            List<Column> columns = new ArrayList<>();
            for (Map<?, ?> column : objects(relation.get("columns"))) {
                columns.add(new Column(text(column.get("name")), text(column.get("expression"))));
            }
            List<Part> parts = new ArrayList<>();
            for (Map<?, ?> part : objects(relation.get("parts"))) {
                Object filter = part.get("filter");
                parts.add(new Part(strings(part.get("files")), filter == null ? null : text(filter)));
            }
            relations.add(new Relation(text(relation.get("name")), columns, parts));
        }
        return relations;
    }

    List<String> files() {
        return parts.stream().flatMap(part -> part.files().stream()).toList();
    }

    String viewStatement() {
        String fixed = FIXED.stream().map(Fixed::name).collect(Collectors.joining(", "));
        String rows = parts.stream()
                .filter(part -> !part.files().isEmpty())
                .map(part -> "SELECT " + fixed + " FROM read_parquet(" + SqlText.literals(part.files())
                        + ", hive_partitioning = false, filename = false)"
                        + (part.filter() == null ? "" : " WHERE " + part.filter()))
                .collect(Collectors.joining(" UNION ALL "));
        String select = columns.stream()
                .map(column -> column.expression() + " AS " + SqlText.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return "CREATE VIEW " + SqlText.identifier(name) + " AS SELECT " + select + " FROM ("
                + (rows.isEmpty() ? noRows() : rows) + ")";
    }

    private static String noRows() {
        return FIXED.stream()
                .map(column -> "CAST(NULL AS " + column.type() + ") AS " + column.name())
                .collect(Collectors.joining(", ", "SELECT ", " WHERE false"));
    }

    private static List<Map<?, ?>> objects(@Nullable Object json) throws IOException {
        List<Map<?, ?>> objects = new ArrayList<>();
        if (!(json instanceof List<?> list)) {
            throw new IOException("EXECUTE: a list is expected, got " + json + ".");
        }
        for (Object element : list) {
            if (!(element instanceof Map<?, ?> object)) {
                throw new IOException("EXECUTE: an object is expected, got " + element + ".");
            }
            objects.add(object);
        }
        return objects;
    }

    private static List<String> strings(@Nullable Object json) throws IOException {
        if (!(json instanceof List<?> list)) {
            throw new IOException("EXECUTE: a list of strings is expected, got " + json + ".");
        }
        return list.stream().map(String::valueOf).toList();
    }

    private static String text(@Nullable Object json) throws IOException {
        if (!(json instanceof String text)) {
            throw new IOException("EXECUTE: a string is expected, got " + json + ".");
        }
        return text;
    }
}

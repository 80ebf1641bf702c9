package io.weir.tiered.query.child;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A topic as the statement sees it: a view whose columns are expressions over the columns of the files.
///
/// @param name as written in the statement, without quotes
/// @param columns expressions over the columns of the files, in the order of `SELECT *`
/// @param fileColumns what the files may have beside the fixed columns
/// @param parts files with the same filter; together the relation's rows, each row once
record Relation(String name, List<Column> columns, List<FileColumn> fileColumns, List<Part> parts) {
    /// A column of the files, found by its Parquet field id; null where a file lacks it.
    record FileColumn(int fieldId, String name, String type) {}

    /// The fixed columns that relations use. Every file has them.
    private static final List<FileColumn> FIXED = List.of(
            new FileColumn(1, "_partition", "INTEGER"),
            new FileColumn(2, "_offset", "BIGINT"),
            new FileColumn(3, "_timestamp", "TIMESTAMPTZ"),
            new FileColumn(4, "_key", "VARCHAR"),
            new FileColumn(5, "_key_raw", "BLOB"),
            new FileColumn(6, "_headers", "STRUCT(\"key\" VARCHAR, \"value\" BLOB)[]"),
            new FileColumn(7, "_tombstone", "BOOLEAN"),
            new FileColumn(9, "_raw", "BLOB"));

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
            List<FileColumn> fileColumns = new ArrayList<>();
            for (Map<?, ?> column : objects(relation.get("fileColumns"))) {
                fileColumns.add(
                        new FileColumn(number(column.get("id")), text(column.get("name")), text(column.get("type"))));
            }
            relations.add(new Relation(text(relation.get("name")), columns, fileColumns, parts));
        }
        return relations;
    }

    List<String> files() {
        return parts.stream().flatMap(part -> part.files().stream()).toList();
    }

    String viewStatement() {
        List<FileColumn> all = new ArrayList<>(FIXED);
        all.addAll(fileColumns);
        String names = all.stream().map(FileColumn::name).collect(Collectors.joining(", "));
        String reading = fileColumns.isEmpty() ? "" : ", schema = MAP {" + schema(all) + "}";
        String rows = parts.stream()
                .filter(part -> !part.files().isEmpty())
                .map(part -> "SELECT " + names + " FROM read_parquet(" + SqlText.literals(part.files())
                        + ", hive_partitioning = false, filename = false" + reading + ")"
                        + (part.filter() == null ? "" : " WHERE " + part.filter()))
                .collect(Collectors.joining(" UNION ALL "));
        String select = columns.stream()
                .map(column -> column.expression() + " AS " + SqlText.identifier(column.name()))
                .collect(Collectors.joining(", "));
        return "CREATE VIEW " + SqlText.identifier(name) + " AS SELECT " + select + " FROM ("
                + (rows.isEmpty() ? noRows(all) : rows) + ")";
    }

    /// By field ids, so that files of all ages of the table read alike.
    private static String schema(List<FileColumn> all) {
        return all.stream()
                .map(column -> column.fieldId() + ": {name: " + SqlText.literal(column.name()) + ", type: "
                        + SqlText.literal(column.type()) + ", default_value: NULL}")
                .collect(Collectors.joining(", "));
    }

    private static String noRows(List<FileColumn> all) {
        return all.stream()
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

    private static int number(@Nullable Object json) throws IOException {
        if (!(json instanceof Number number)) {
            throw new IOException("EXECUTE: a number is expected, got " + json + ".");
        }
        return number.intValue();
    }

    private static String text(@Nullable Object json) throws IOException {
        if (!(json instanceof String text)) {
            throw new IOException("EXECUTE: a string is expected, got " + json + ".");
        }
        return text;
    }
}

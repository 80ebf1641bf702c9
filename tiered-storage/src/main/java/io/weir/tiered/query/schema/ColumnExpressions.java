package io.weir.tiered.query.schema;

import io.weir.tiered.query.child.SqlText;
import java.util.ArrayList;
import java.util.List;

/// The SQL that makes a relation's columns from the fixed columns of a file: the same text for hot and cold rows.
///
/// Each step is in a TRY of its own: a value that is no UTF-8, no JSON, or does not fit the type gives null, for its
/// own row and column only. A typed column takes exactly one spelling: what merely could be converted
/// (`33.5` to a whole number, `"33"` to a number) is null, not rounded.
public final class ColumnExpressions {
    private static final String DOCUMENT = "TRY(decode(_raw))";
    private static final String INSTANT =
            "^\"([0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z)\"$";
    private static final String UUID = "^\"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\"$";

    private ColumnExpressions() {}

    /// A column of the relation.
    ///
    /// @param expression over the fixed columns of a file
    /// @param type DuckDB's name of the type
    public record ViewColumn(String name, String expression, String type) {}

    /// The data's columns first, then those that every relation has.
    public static List<ViewColumn> of(TopicSchema schema) {
        List<ViewColumn> columns = new ArrayList<>();
        for (Column column : schema.columns()) {
            String path = "$" + step(column.key());
            columns.add(new ViewColumn(
                    column.name(),
                    inDocument(column.type(), path),
                    column.type().sqlName()));
        }
        if (schema.values() == TopicSchema.Values.TEXT) {
            columns.add(new ViewColumn("_value", DOCUMENT, "VARCHAR"));
        }
        columns.addAll(fixed());
        return columns;
    }

    /// The columns of every relation, whatever its values are.
    public static List<ViewColumn> fixed() {
        return List.of(
                plain("_key", "VARCHAR"),
                plain("_timestamp", "TIMESTAMP WITH TIME ZONE"),
                plain("_partition", "INTEGER"),
                plain("_offset", "BIGINT"),
                plain("_headers", "STRUCT(\"key\" VARCHAR, \"value\" BLOB)[]"),
                plain("_tombstone", "BOOLEAN"),
                plain("_key_raw", "BLOB"),
                plain("_raw", "BLOB"));
    }

    private static ViewColumn plain(String name, String type) {
        return new ViewColumn(name, name, type);
    }

    private static String step(String key) {
        return ".\"" + key + '"';
    }

    private static String inDocument(ColumnType type, String path) {
        String literal = SqlText.literal(path);
        return switch (type) {
            case ColumnType.Struct struct -> struct(struct, path);
            case ColumnType.Listing list ->
                "CASE WHEN TRY(json_type(" + DOCUMENT + ", " + literal
                        + ")) = 'ARRAY' THEN list_transform(TRY(json_extract(" + DOCUMENT + ", "
                        + SqlText.literal(path + "[*]") + ")), lambda x: " + element(list.element()) + ") END";
            case ColumnType.Decimal decimal -> fromJson(decimal, json(literal));
            case ColumnType.Scalar scalar ->
                scalar == ColumnType.Scalar.VARCHAR
                        ? "TRY(json_extract_string(" + DOCUMENT + ", " + literal + "))"
                        : fromJson(scalar, json(literal));
        };
    }

    private static String struct(ColumnType.Struct struct, String path) {
        List<String> fields = new ArrayList<>();
        for (Column field : struct.fields()) {
            fields.add(SqlText.identifier(field.name()) + " := " + inDocument(field.type(), path + step(field.key())));
        }
        return "CASE WHEN TRY(json_type(" + DOCUMENT + ", " + SqlText.literal(path) + ")) = 'OBJECT' THEN struct_pack("
                + String.join(", ", fields) + ") END";
    }

    private static String element(ColumnType type) {
        return type == ColumnType.Scalar.VARCHAR ? "json_extract_string(x, '$')" : fromJson(type, "x");
    }

    private static String json(String pathLiteral) {
        return "TRY(json_extract(" + DOCUMENT + ", " + pathLiteral + "))";
    }

    /// @param json an expression of type JSON
    private static String fromJson(ColumnType type, String json) {
        String text = "CAST(" + json + " AS VARCHAR)";
        return switch (type) {
            case ColumnType.Decimal decimal ->
                cast(
                        text,
                        "^-?[0-9]{1," + (ColumnType.Decimal.MOST_DIGITS - decimal.scale()) + "}(\\.[0-9]{1,"
                                + decimal.scale() + "})?$",
                        0,
                        decimal.sqlName());
            case ColumnType.Scalar scalar ->
                switch (scalar) {
                    case BIGINT -> cast(text, "^-?[0-9]{1,18}$", 0, "BIGINT");
                    case DOUBLE -> cast(text, "^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?$", 0, "DOUBLE");
                    case BOOLEAN -> "CASE " + text + " WHEN 'true' THEN true WHEN 'false' THEN false END";
                    case UUID -> cast(text, UUID, 1, "UUID");
                    case TIMESTAMPTZ -> cast(text, INSTANT, 1, "TIMESTAMPTZ");
                    case VARCHAR -> "json_extract_string(" + json + ", '$')";
                    case JSON -> "nullif(" + json + ", 'null')";
                };
            case ColumnType.Struct struct -> throw new IllegalArgumentException("A struct has a path of its own.");
            case ColumnType.Listing list -> throw new IllegalArgumentException("A list has a path of its own.");
        };
    }

    private static String cast(String text, String pattern, int group, String type) {
        return "TRY_CAST(regexp_extract(" + text + ", " + SqlText.literal(pattern) + ", " + group + ") AS " + type
                + ")";
    }
}

package io.weir.tiered.query.schema;

import io.weir.tiered.query.child.SqlText;
import java.util.ArrayList;
import java.util.List;

/// The SQL that makes a relation's columns from the columns of a file: the same text for hot and cold rows.
///
/// A row keeps its value either as bytes (`_raw`) or in the columns of the topic's table. From bytes, each step is in a
/// TRY of its own: a value that is no UTF-8, no JSON, or does not fit the type gives null, for its own row and column
/// only. A typed column takes exactly one spelling: what merely could be converted (`33.5` to a whole number, `"33"`
/// to a number) is null, not rounded. What the archive takes apart into the table's columns reads the same from
/// there as from its bytes.
public final class ColumnExpressions {
    private static final String DOCUMENT = "TRY(decode(_raw))";
    private static final String ROOT = "$";
    /// A date, or a date and time to the second, the millisecond or finer, with or without `Z`; all mean UTC.
    private static final String INSTANT =
            "^\"([0-9]{4}-[0-9]{2}-[0-9]{2}(T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\\.[0-9]{1,6})?Z?)?)\"$";
    private static final String UUID = "^\"([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\"$";

    private ColumnExpressions() {}

    /// A column of the relation.
    ///
    /// @param expression over the columns of a file
    /// @param type DuckDB's name of the type
    public record ViewColumn(String name, String expression, String type) {}

    /// A column of the table that the files of a relation have or lack.
    ///
    /// @param fieldId by which files have it
    /// @param name of it in expressions
    /// @param type DuckDB's name of the type
    public record FileColumn(int fieldId, String name, String type) {}

    /// The columns of the table that `of` speaks of.
    public static List<FileColumn> inFiles(TopicSchema schema) {
        return schema.columns().stream()
                .filter(Column::isInTable)
                .map(column -> new FileColumn(
                        column.fieldId(),
                        inFile(column),
                        isJson(column) ? "VARCHAR" : column.type().sqlName()))
                .toList();
    }

    private static String inFile(Column column) {
        return "__field_" + column.fieldId();
    }

    /// The data's columns first, then those that every relation has.
    public static List<ViewColumn> of(TopicSchema schema) {
        List<ViewColumn> columns = new ArrayList<>();
        for (Column column : schema.columns()) {
            if (isBesideTyped(column, schema.columns())) {
                continue;
            }
            columns.add(new ViewColumn(
                    column.name(),
                    column.isInTable() ? fromTable(column, schema.columns()) : inDocument(column, DOCUMENT, ROOT, 0),
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

    /// What the archive keeps as JSON text of a member that has typed columns, too, is read as bytes are.
    private static String fromTable(Column column, List<Column> siblings) {
        if (isJson(column)) {
            // the table keeps empty objects and arrays in no column
            return "nullif(nullif(CASE WHEN _raw IS NULL THEN TRY(json(" + inFile(column) + ")) ELSE "
                    + among(column, siblings, DOCUMENT, ROOT, 0) + " END, '{}'), '[]')";
        }
        return siblings.stream()
                .filter(sibling -> isJson(sibling) && isOfSameMember(sibling, column))
                .findFirst()
                .map(json -> "CASE WHEN _raw IS NULL AND " + inFile(json) + " IS NULL THEN " + shown(column) + " ELSE "
                        + among(column, siblings, withText(json), ROOT, 0) + " END")
                .orElseGet(() -> "CASE WHEN _raw IS NULL THEN " + shown(column) + " ELSE "
                        + among(column, siblings, DOCUMENT, ROOT, 0) + " END");
    }

    /// The document, or as much of it as is kept as text of this member.
    private static String withText(Column json) {
        return "CASE WHEN _raw IS NULL THEN CAST(json_object(" + SqlText.literal(json.key()) + ", TRY(json("
                + inFile(json) + "))) AS VARCHAR) ELSE " + DOCUMENT + " END";
    }

    private static boolean isJson(Column column) {
        return column.isInTable() && column.type() == ColumnType.Scalar.JSON;
    }

    private static boolean isBesideTyped(Column column, List<Column> siblings) {
        return isJson(column)
                && siblings.stream().anyMatch(sibling -> !isJson(sibling) && isOfSameMember(sibling, column));
    }

    private static boolean isOfSameMember(Column a, Column b) {
        return a.key().equals(b.key()) && a.origin() == b.origin();
    }

    /// From bytes, a decimal has at most 15 digits.
    private static String shown(Column column) {
        return hasDecimal(column.type()) ? bounded(column.type(), inFile(column), 0) : inFile(column);
    }

    private static boolean hasDecimal(ColumnType type) {
        return switch (type) {
            case ColumnType.Scalar scalar -> false;
            case ColumnType.Decimal decimal -> true;
            case ColumnType.Listing list -> hasDecimal(list.element());
            case ColumnType.Struct struct -> struct.fields().stream().anyMatch(field -> hasDecimal(field.type()));
        };
    }

    /// @param depth of lists around it: names the variables of their elements
    private static String bounded(ColumnType type, String value, int depth) {
        return switch (type) {
            case ColumnType.Scalar scalar -> value;
            case ColumnType.Decimal decimal ->
                "CASE WHEN abs(" + value + ") < 1" + "0".repeat(ColumnType.Decimal.MOST_DIGITS - decimal.scale())
                        + " THEN " + value + " END";
            case ColumnType.Listing list
            when hasDecimal(list) -> {
                String variable = "y" + depth;
                yield "list_transform(" + value + ", lambda " + variable + ": "
                        + bounded(list.element(), variable, depth + 1) + ")";
            }
            case ColumnType.Listing list -> value;
            case ColumnType.Struct struct
            when hasDecimal(struct) -> {
                List<String> fields = new ArrayList<>();
                for (Column field : struct.fields()) {
                    String name = SqlText.identifier(field.name());
                    fields.add(name + " := " + bounded(field.type(), "(" + value + ")." + name, depth));
                }
                yield "CASE WHEN " + value + " IS NOT NULL THEN struct_pack(" + String.join(", ", fields) + ") END";
            }
            case ColumnType.Struct struct -> value;
        };
    }

    /// Where a member has several columns, a value goes to the first that takes it and to no other.
    private static String among(Column column, List<Column> siblings, String document, String path, int depth) {
        List<Column> sameMember = siblings.stream()
                .filter(sibling -> isOfSameMember(sibling, column) && !(isJson(sibling) && !isJson(column)))
                .toList();
        if (sameMember.size() == 1) {
            return inDocument(column, document, path, depth);
        }
        StringBuilder expression = new StringBuilder("CASE");
        for (Column earlier : sameMember.subList(0, sameMember.indexOf(column))) {
            if (compete(earlier.type(), column.type())) {
                expression
                        .append(" WHEN ")
                        .append(strict(earlier, document, path, depth))
                        .append(" IS NOT NULL THEN NULL");
            }
        }
        String own = strict(column, document, path, depth);
        return expression.length() == 4 ? own : expression + " ELSE " + own + " END";
    }

    /// Whether one value can fit both types. Others differ in the kind of JSON value that they take.
    private static boolean compete(ColumnType a, ColumnType b) {
        return (isNumber(a) && isNumber(b))
                || (isString(a) && isString(b))
                || (a instanceof ColumnType.Listing && b instanceof ColumnType.Listing);
    }

    private static boolean isNumber(ColumnType type) {
        return type == ColumnType.Scalar.BIGINT
                || type == ColumnType.Scalar.DOUBLE
                || type instanceof ColumnType.Decimal;
    }

    private static boolean isString(ColumnType type) {
        return type == ColumnType.Scalar.VARCHAR
                || type == ColumnType.Scalar.UUID
                || type == ColumnType.Scalar.TIMESTAMPTZ;
    }

    /// Beside a column of another type, a string column takes strings only.
    private static String strict(Column column, String document, String path, int depth) {
        String expression = inDocument(column, document, path, depth);
        if (column.type() != ColumnType.Scalar.VARCHAR) {
            return expression;
        }
        String kind = kind(document, memberPath(column, path));
        String strings =
                column.origin() == Column.Origin.TABLE_WHOLE_VALUE ? "coalesce(" + kind + ", 'VARCHAR')" : kind;
        return "CASE WHEN " + strings + " = 'VARCHAR' THEN " + expression + " END";
    }

    private static String memberPath(Column column, String path) {
        return column.origin() == Column.Origin.TABLE_WHOLE_VALUE ? path : path + step(column.key());
    }

    private static String step(String key) {
        return ".\"" + key + '"';
    }

    private static String kind(String document, String path) {
        return "TRY(json_type(" + document + ", " + SqlText.literal(path) + "))";
    }

    private static String inDocument(Column column, String document, String path, int depth) {
        if (column.origin() == Column.Origin.TABLE_WHOLE_VALUE && column.type() == ColumnType.Scalar.VARCHAR) {
            return "CASE " + kind(document, path) + " WHEN 'VARCHAR' THEN " + string(document, path)
                    + " WHEN 'OBJECT' THEN NULL ELSE " + document + " END";
        }
        String member = memberPath(column, path);
        return column.isInTable() && column.type() == ColumnType.Scalar.VARCHAR
                ? withoutEmpties(document, member)
                : inDocument(column.type(), document, member, depth);
    }

    /// The table keeps empty objects and arrays in no column.
    private static String withoutEmpties(String document, String path) {
        String text = string(document, path);
        return "CASE WHEN " + kind(document, path) + " IN ('OBJECT', 'ARRAY') THEN nullif(nullif(" + text
                + ", '{}'), '[]') ELSE " + text + " END";
    }

    /// @param depth of lists around it: names the variables of their elements
    private static String inDocument(ColumnType type, String document, String path, int depth) {
        return switch (type) {
            case ColumnType.Struct struct -> struct(struct, document, path, depth);
            case ColumnType.Listing list -> list(list, document, path, depth);
            case ColumnType.Decimal decimal -> fromJson(decimal, json(document, path));
            case ColumnType.Scalar scalar ->
                scalar == ColumnType.Scalar.VARCHAR ? string(document, path) : fromJson(scalar, json(document, path));
        };
    }

    private static String list(ColumnType.Listing list, String document, String path, int depth) {
        String variable = "x" + depth;
        return "CASE WHEN " + kind(document, path) + " = 'ARRAY' THEN list_transform(TRY(json_extract(" + document
                + ", " + SqlText.literal(path + "[*]") + ")), lambda " + variable + ": "
                + inDocument(list.element(), variable, ROOT, depth + 1) + ") END";
    }

    private static String struct(ColumnType.Struct struct, String document, String path, int depth) {
        List<String> fields = new ArrayList<>();
        for (Column field : struct.fields()) {
            fields.add(
                    SqlText.identifier(field.name()) + " := " + field(field, struct.fields(), document, path, depth));
        }
        return "CASE WHEN " + kind(document, path) + " = 'OBJECT' THEN struct_pack(" + String.join(", ", fields)
                + ") END";
    }

    private static String field(Column field, List<Column> siblings, String document, String path, int depth) {
        return field.isInTable()
                ? among(field, siblings, document, path, depth)
                : inDocument(field.type(), document, path + step(field.key()), depth);
    }

    private static String string(String document, String path) {
        return "TRY(json_extract_string(" + document + ", " + SqlText.literal(path) + "))";
    }

    private static String json(String document, String path) {
        return "TRY(json_extract(" + document + ", " + SqlText.literal(path) + "))";
    }

    /// @param json an expression of type JSON
    private static String fromJson(ColumnType type, String json) {
        String text = "CAST(" + json + " AS VARCHAR)";
        return switch (type) {
            case ColumnType.Decimal decimal -> cast(text, decimalPattern(decimal.scale()), 0, decimal.sqlName());
            case ColumnType.Scalar scalar ->
                switch (scalar) {
                    case BIGINT -> cast(text, "^-?[0-9]{1,18}$", 0, "BIGINT");
                    case DOUBLE -> cast(text, "^-?[0-9]+(\\.[0-9]+)?([eE][-+]?[0-9]+)?$", 0, "DOUBLE");
                    case BOOLEAN -> "CASE " + text + " WHEN 'true' THEN true WHEN 'false' THEN false END";
                    case UUID -> cast(text, UUID, 1, "UUID");
                    case TIMESTAMPTZ -> cast(text, INSTANT, 1, "TIMESTAMPTZ");
                    case VARCHAR -> throw new IllegalArgumentException("A string has an expression of its own.");
                    case BLOB -> "CAST(NULL AS BLOB)";
                    case JSON -> "nullif(" + json + ", 'null')";
                };
            case ColumnType.Struct struct -> throw new IllegalArgumentException("A struct has a path of its own.");
            case ColumnType.Listing list -> throw new IllegalArgumentException("A list has a path of its own.");
        };
    }

    private static String decimalPattern(int scale) {
        String whole = "^-?[0-9]{1," + (ColumnType.Decimal.MOST_DIGITS - scale) + "}";
        return scale == 0 ? whole + "$" : whole + "(\\.[0-9]{1," + scale + "})?$";
    }

    private static String cast(String text, String pattern, int group, String type) {
        return "TRY_CAST(regexp_extract(" + text + ", " + SqlText.literal(pattern) + ", " + group + ") AS " + type
                + ")";
    }
}

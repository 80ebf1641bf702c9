package io.weir.tiered.shape;

/// One column of a topic's table, or one field inside of it. Every column may be null.
///
/// @param fieldId the table's id of it, for ever; 0 = not given yet
/// @param name in the table, see [ColumnNames]
/// @param source the key in the data; differs from the name where a name rule stepped in
public record Column(int fieldId, String name, String source, ColumnType type) {
    /// Name of the field that holds the shape of a list's element.
    public static final String ELEMENT_SHAPE = "_shape";

    /// Name of the column for a value that is one scalar, one array or plain text.
    public static final String VALUE = "_value";

    /// Whether a column of text with this name and source holds JSON text: names are all that a table keeps.
    public static boolean isJsonText(String name, String source) {
        return ColumnNames.ofJson(name, source) != null;
    }

    /// The name, without the ending that columns of JSON text have.
    public String plainName() {
        String plain = type.equals(ColumnType.JSON) ? ColumnNames.ofJson(name, source) : null;
        return plain == null ? name : plain;
    }

    /// Whether this field, in an object that is a list's element, holds that element's shape. No key has such a field:
    /// the name of the empty key's begins otherwise.
    public boolean isElementShape() {
        return source.isEmpty() && name.startsWith(ELEMENT_SHAPE);
    }

    /// Whether this column of the top level holds the value itself and not a key of it: `_value`, and what a
    /// conflict of types added (`_value__str`). A key `_value` in the data has a column that begins with `__`.
    public boolean isWholeValue() {
        return source.equals(VALUE) && name.startsWith(VALUE);
    }
}

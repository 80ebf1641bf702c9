package io.weir.tiered.shape;

import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.ColumnType.Struct;
import java.util.Collection;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// The names that columns get. A name is the key in the data, except:
///
/// - a key of the top level that is one of the fixed columns or of Iceberg's own, with any count of leading
/// underscores, gets one more;
/// - a dot becomes an underscore, because tables name nested fields with dots; the empty key becomes `_`;
/// - a column of JSON text is always named `name__json`: by that it is known;
/// - a key that has a column of another type already gets `name__str`, `name__dbl`, `name__int`, `name__bool`,
///   `name__time`, `name__uuid`, `name__dec`, `name__bin`, `name__obj` or `name__list`;
/// - the shape of a list's element stands in a field `_shape` of it, which belongs to no key;
/// - a name that is taken but for upper and lower case gets `__2`, `__3` and so on: SQL engines fold case.
///
/// The key itself is kept as the column's source. Reading back uses field ids, never names.
final class ColumnNames {
    private static final Pattern RESERVED =
            Pattern.compile("_+(partition|log_partition|offset|timestamp|key|key_raw|headers|tombstone|shape|raw|value"
                    // Iceberg's own columns: engines read no table that has one of these names
                    + "|file|pos|deleted|spec_id|row_id|last_updated_sequence_number"
                    + "|change_type|change_ordinal|commit_snapshot_id)");

    private static final String JSON = "json";

    private ColumnNames() {}

    /// The name without what says that the column holds JSON text; null for another column's name.
    ///
    /// @param key that the column is for
    static @Nullable String ofJson(String name, String key) {
        String base = plain(key, true);
        return name.startsWith(base + "__" + JSON) ? base : null;
    }

    /// Name of a new column.
    ///
    /// @param key in the data; [Column#VALUE] with `wholeValue` for the value itself
    /// @param topLevel false for a field of an object
    /// @param wholeValue the column is for a value that is no object
    /// @param siblings columns that are there, on the same level
    static String choose(
            String key, ColumnType type, boolean topLevel, boolean wholeValue, Collection<Column> siblings) {
        String base = wholeValue ? key : plain(key, topLevel);
        boolean conflict = siblings.stream()
                .anyMatch(sibling -> sibling.source().equals(key)
                        && !sibling.isElementShape()
                        && sibling.isWholeValue() == wholeValue
                        && !sibling.type().equals(Scalar.JSON));
        String wanted = conflict || type.equals(Scalar.JSON) ? base + "__" + suffix(type) : base;
        return free(wanted, siblings);
    }

    private static String free(String wanted, Collection<Column> siblings) {
        Set<String> taken = new HashSet<>();
        siblings.forEach(sibling -> taken.add(folded(sibling.name())));
        String name = wanted;
        for (int i = 2; taken.contains(folded(name)); i++) {
            name = wanted + "__" + i;
        }
        return name;
    }

    /// Name of the field that holds the shape of an element which has these fields.
    static String elementShape(Collection<Column> siblings) {
        return free(Column.ELEMENT_SHAPE, siblings);
    }

    private static String plain(String key, boolean topLevel) {
        if (key.isEmpty()) {
            return "_";
        }
        String name = key.replace('.', '_');
        return topLevel && RESERVED.matcher(folded(name)).matches() ? "_" + name : name;
    }

    private static String folded(String name) {
        return name.toLowerCase(Locale.ROOT);
    }

    private static String suffix(ColumnType type) {
        return switch (type) {
            case Scalar scalar ->
                switch (scalar) {
                    case LONG -> "int";
                    case DOUBLE -> "dbl";
                    case BOOLEAN -> "bool";
                    case STRING -> "str";
                    case BINARY -> "bin";
                    case UUID -> "uuid";
                    case TIMESTAMP -> "time";
                    case JSON -> JSON;
                };
            case Decimal decimal -> "dec";
            case Struct struct -> "obj";
            case ListOf list -> "list";
        };
    }
}

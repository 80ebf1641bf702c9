package io.weir.tiered.shape;

import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Struct;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Adds the columns that a sample asks for to those that are there, until the table is full. Used once.
final class ColumnMerge {
    /// Lists within lists get columns down to this level: what lies deeper no engine's plan unfolds in good time.
    private static final int MOST_LISTS = 4;

    private final Oddities odd;
    private int left;
    private int lists;
    /// Whether elements of lists get a place for their shapes.
    private boolean varied;

    /// Keys of the top level (or the whole value, as [Column#VALUE]) some of whose values fit no plain columns.
    ///
    /// @param varied elements of their lists get shapes of their own
    /// @param text of those that no columns can follow even so: they get JSON text beside
    /// @param textAlone where that is most values: they get JSON text only
    record Oddities(Set<String> varied, Set<String> text, Set<String> textAlone) {
        static final Oddities NONE = new Oddities(Set.of(), Set.of(), Set.of());
    }

    ColumnMerge(List<Column> known, int most, Oddities odd) {
        left = most - count(known);
        this.odd = odd;
    }

    private static int count(List<Column> columns) {
        return columns.stream().mapToInt(column -> 1 + inside(column.type())).sum();
    }

    private static int inside(ColumnType type) {
        return switch (type) {
            case Struct struct -> count(struct.fields());
            case ListOf list -> 1 + inside(list.element().type());
            case ColumnType.Scalar scalar -> 0;
            case Decimal decimal -> 0;
        };
    }

    /// Columns for a value that is no object.
    List<Column> wholeValue(List<Column> known, PathSample whole) {
        return key(known, Column.VALUE, whole, true, true);
    }

    /// Columns for the keys of an object.
    List<Column> fields(List<Column> known, PathSample object, boolean topLevel) {
        List<Column> columns = known;
        if (object.isMap()) {
            return columns;
        }
        for (Map.Entry<String, PathSample> field : object.fields.entrySet()) {
            columns = key(columns, field.getKey(), field.getValue(), topLevel, false);
        }
        return columns;
    }

    /// One kind of values at a path.
    private enum Kind {
        WHOLE,
        FRACTION,
        TRUTH,
        STRING,
        BYTES,
        OBJECT,
        ARRAY;

        long seen(PathSample path) {
            return switch (this) {
                case WHOLE -> path.whole;
                case FRACTION -> path.fractions;
                case TRUTH -> path.truths;
                case STRING -> path.strings;
                case BYTES -> path.binaries;
                case OBJECT -> path.objects;
                case ARRAY -> path.arrays;
            };
        }
    }

    private List<Column> key(List<Column> known, String key, PathSample path, boolean topLevel, boolean whole) {
        List<Column> columns = new ArrayList<>(known);
        varied = topLevel ? odd.varied().contains(key) : varied;
        if (topLevel && !whole && jsonAlone(columns, key)) {
            return columns;
        }
        List<Kind> kinds = new ArrayList<>(List.of(Kind.values()));
        // the most frequent kind gets the plain name; one pass for fractions and whole numbers when both are there
        kinds.sort(Comparator.comparingLong((Kind kind) -> -kind.seen(path)));
        for (Kind kind : kinds) {
            if (kind.seen(path) > 0 && !(whole && kind == Kind.OBJECT)) {
                kind(columns, key, path, kind, topLevel, whole);
            }
        }
        return columns;
    }

    /// Adds a column of JSON text where one is needed.
    ///
    /// @return whether the key has no other
    private boolean jsonAlone(List<Column> columns, String key) {
        List<Column> own = columns.stream()
                .filter(column -> column.source().equals(key) && !column.isWholeValue())
                .toList();
        boolean json = own.stream().anyMatch(column -> column.type().equals(ColumnType.JSON));
        if (!json && odd.text().contains(key) && left > 0) {
            left--;
            String name = ColumnNames.choose(key, ColumnType.JSON, true, false, columns);
            columns.add(new Column(0, name, key, ColumnType.JSON));
            return own.isEmpty() && odd.textAlone().contains(key);
        }
        return json && own.size() == 1;
    }

    private void kind(List<Column> columns, String key, PathSample path, Kind kind, boolean topLevel, boolean whole) {
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (column.source().equals(key) && column.isWholeValue() == whole && !column.isElementShape()) {
                ColumnType grown = grown(column.type(), path, kind);
                if (grown != null) {
                    columns.set(i, new Column(column.fieldId(), column.name(), column.source(), grown));
                    return;
                }
            }
        }
        if (left <= 0) {
            return;
        }
        left--;
        ColumnType type = fresh(path, kind);
        if (type == null) {
            left++;
            return;
        }
        columns.add(new Column(0, ColumnNames.choose(key, type, topLevel, whole, columns), key, type));
    }

    /// The type of a column that takes this kind of values, with what its insides need; null when it does not take
    /// them.
    private @Nullable ColumnType grown(ColumnType type, PathSample path, Kind kind) {
        return switch (kind) {
            case BYTES -> type.equals(ColumnType.BINARY) ? type : null;
            case WHOLE ->
                type.equals(ColumnType.LONG) || type.equals(ColumnType.DOUBLE) || type instanceof Decimal ? type : null;
            case FRACTION ->
                type.equals(ColumnType.DOUBLE) || (type instanceof Decimal decimal && path.fitsScale(decimal.scale()))
                        ? type
                        : null;
            case TRUTH -> type.equals(ColumnType.BOOLEAN) ? type : null;
            case STRING -> {
                boolean takes = type.equals(ColumnType.STRING)
                        || (type.equals(ColumnType.UUID) && path.onlyUuids())
                        || (type.equals(ColumnType.TIMESTAMP) && path.onlyInstants());
                yield takes ? type : null;
            }
            case OBJECT -> type instanceof Struct struct ? new Struct(fields(struct.fields(), path, false)) : null;
            case ARRAY -> type instanceof ListOf list ? grownList(list, path.element) : null;
        };
    }

    private @Nullable ColumnType grownList(ListOf list, @Nullable PathSample element) {
        Column known = list.element();
        if (element == null || element.seen() == 0) {
            return list;
        }
        @Nullable ColumnType type = known.type();
        lists++;
        for (Kind kind : Kind.values()) {
            type = type == null || kind.seen(element) == 0 ? type : grown(type, element, kind);
        }
        lists--;
        return type == null
                ? null
                : new ListOf(new Column(known.fieldId(), known.name(), known.source(), withShape(type)));
    }

    private ColumnType withShape(ColumnType element) {
        if (!varied
                || left <= 0
                || !(element instanceof Struct struct)
                || struct.fields().stream().anyMatch(Column::isElementShape)) {
            return element;
        }
        left--;
        List<Column> fields = new ArrayList<>(struct.fields());
        fields.add(new Column(0, ColumnNames.elementShape(fields), "", ColumnType.LONG));
        return new Struct(fields);
    }

    /// The type of a new column; null when nothing is known of what is inside.
    private @Nullable ColumnType fresh(PathSample path, Kind kind) {
        return switch (kind) {
            case WHOLE -> path.fractions > 0 ? ColumnType.DOUBLE : ColumnType.LONG;
            case FRACTION -> path.isFixedScale() ? new Decimal(Decimal.MAX_PRECISION, path.scale()) : ColumnType.DOUBLE;
            case TRUTH -> ColumnType.BOOLEAN;
            case STRING ->
                path.onlyUuids() ? ColumnType.UUID : path.onlyInstants() ? ColumnType.TIMESTAMP : ColumnType.STRING;
            case BYTES -> ColumnType.BINARY;
            case OBJECT -> {
                List<Column> inside = fields(List.of(), path, false);
                yield inside.isEmpty() ? null : new Struct(inside);
            }
            case ARRAY -> freshList(path.element);
        };
    }

    /// The elements' most frequent kind decides; an array with others stays as it is.
    private @Nullable ColumnType freshList(@Nullable PathSample element) {
        if (element == null || left <= 0 || lists == MOST_LISTS) {
            return null;
        }
        Kind most = Kind.WHOLE;
        for (Kind kind : Kind.values()) {
            if (kind.seen(element) > most.seen(element)) {
                most = kind;
            }
        }
        if (most.seen(element) == 0) {
            return null;
        }
        left--;
        lists++;
        ColumnType type = fresh(element, most);
        lists--;
        if (type == null) {
            left++;
            return null;
        }
        return new ListOf(new Column(0, "element", "element", withShape(type)));
    }
}

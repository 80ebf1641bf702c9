package io.weir.tiered.query;

import io.weir.tiered.query.ArchiveStatement.Column;
import io.weir.tiered.query.ArchiveStatement.InFile;
import io.weir.tiered.shape.ShapeOutline;
import io.weir.tiered.shape.ShapeOutline.Hole;
import io.weir.tiered.shape.ShapeOutline.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Archived JSON objects as rows of typed columns, with a verdict for each row: `_exact` is true only where the
/// columns are what a strict reader makes of the object. It follows from the shape of the value, not from the value:
/// raw values, text, and members that stand in another column than those of most shapes are not exact.
///
/// Columns beside those of the members: `_offset`, `_key` (null also for a key that is no UTF-8, `_key_is_raw` then
/// says so), `_tombstone`, `_timestamp_us`, `_exact`.
public final class TypedRows {
    /// Readers of JSON have limits for the depth of a value and the digits of a number; no shorter text reaches them.
    private static final int SHORT_TEXT = 500;

    private TypedRows() {}

    /// The columns of a statement's relation.
    ///
    /// @param outlines of the shapes that occur, by id
    public static List<Column> columns(List<TypedMember> members, Map<Long, ShapeOutline> outlines) {
        Map<String, Hole> chosen = new HashMap<>();
        List<Column> columns = new ArrayList<>(fixed());
        for (TypedMember member : members) {
            if (member.column()) {
                Hole hole = most(member, outlines);
                columns.add(column(member, hole));
                if (hole != null) {
                    chosen.put(member.key(), hole);
                }
            }
        }
        Map<Long, ShapeOutline> fitting = new TreeMap<>(outlines);
        fitting.values().removeIf(outline -> !members.stream().allMatch(member -> fits(member, outline, chosen)));
        columns.addAll(exact(fitting));
        return columns;
    }

    /// The verdict, and the columns that it needs.
    private static List<Column> exact(Map<Long, ShapeOutline> fitting) {
        String ids = fitting.keySet().stream().map(String::valueOf).collect(Collectors.joining(", "));
        StringBuilder exact = new StringBuilder(ids.isEmpty() ? "false" : "coalesce(_shape IN (" + ids + "), false)");
        List<Column> columns = new ArrayList<>();
        Set<Integer> texts = new TreeSet<>();
        fitting.values().forEach(outline -> texts.addAll(outline.texts()));
        for (int text : texts) {
            InFile column = new InFile(text, "__field_" + text, "VARCHAR");
            exact.append(" AND coalesce(strlen(")
                    .append(column.name())
                    .append(") < ")
                    .append(SHORT_TEXT)
                    .append(", true)");
            columns.add(new Column("_text_" + text, "NULL", Optional.of(column)));
        }
        columns.add(new Column("_exact", exact.toString(), Optional.of(new InFile(8, "_shape", "BIGINT"))));
        return columns;
    }

    private static List<Column> fixed() {
        return List.of(
                new Column("_offset", "_offset", Optional.empty()),
                new Column("_key", "_key", Optional.empty()),
                new Column("_key_is_raw", "_key_raw IS NOT NULL", Optional.empty()),
                new Column("_tombstone", "coalesce(_tombstone, false)", Optional.empty()),
                new Column("_timestamp_us", "epoch_us(_timestamp)", Optional.empty()));
    }

    /// Where most shapes have the member.
    private static @Nullable Hole most(TypedMember member, Map<Long, ShapeOutline> outlines) {
        Map<Hole, Integer> counts = new HashMap<>();
        Hole most = null;
        for (ShapeOutline outline : outlines.values()) {
            Hole hole = outline.holes().get(member.key());
            if (hole != null && member.type().isGivenBy(hole.kind())) {
                int count = counts.merge(hole, 1, Integer::sum);
                most = most == null || count > counts.getOrDefault(most, 0) ? hole : most;
            }
        }
        return most;
    }

    private static boolean fits(TypedMember member, ShapeOutline outline, Map<String, Hole> chosen) {
        if (outline.others().contains(member.key())) {
            return false;
        }
        Hole hole = outline.holes().get(member.key());
        if (hole == null) {
            return true;
        }
        return member.column()
                ? hole.equals(chosen.get(member.key()))
                : member.type().takes(hole.kind());
    }

    private static Column column(TypedMember member, @Nullable Hole hole) {
        if (hole == null) {
            return new Column(member.name(), "CAST(NULL AS " + member.type().sqlName() + ")", Optional.empty());
        }
        String inFile = "__field_" + hole.fieldId();
        String expression = hole.kind() == Kind.INSTANT ? "epoch_us(" + inFile + ")" : inFile;
        return new Column(member.name(), expression, Optional.of(new InFile(hole.fieldId(), inFile, sqlName(hole))));
    }

    private static String sqlName(Hole hole) {
        return switch (hole.kind()) {
            case LONG -> "BIGINT";
            case DECIMAL -> "DECIMAL(18," + hole.digits() + ")";
            case DOUBLE -> "DOUBLE";
            case BOOLEAN -> "BOOLEAN";
            case STRING -> "VARCHAR";
            case UUID -> "UUID";
            case INSTANT, LOCAL_TIME -> "TIMESTAMPTZ";
        };
    }
}

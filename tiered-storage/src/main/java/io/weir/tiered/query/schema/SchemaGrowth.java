package io.weir.tiered.query.schema;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/// How a pinned schema takes in a newer sample: columns are added, none is changed or removed. A member whose values
/// have become another type keeps its column and gets a second one, `key__dbl` or `key__str`.
public final class SchemaGrowth {
    private int nextFieldId;

    private SchemaGrowth(int nextFieldId) {
        this.nextFieldId = nextFieldId;
    }

    /// @param pinned of the same topic id
    /// @param values the newer sample
    public static TopicSchema grow(TopicSchema pinned, List<byte[]> values, long seenUpTo) {
        TopicSchema seen = SchemaInference.infer(pinned.topicId(), values, seenUpTo, pinned.nextFieldId());
        if (pinned.values() == TopicSchema.Values.UNKNOWN) {
            return seen;
        }
        if (pinned.values() != seen.values() || seen.columns().isEmpty()) {
            return pinned.seenUpTo(seenUpTo);
        }
        SchemaGrowth growth = new SchemaGrowth(seen.nextFieldId());
        List<Column> columns = growth.merge(pinned.columns(), seen.columns());
        return new TopicSchema(pinned.topicId(), pinned.values(), columns, growth.nextFieldId, seenUpTo);
    }

    private List<Column> merge(List<Column> pinned, List<Column> seen) {
        List<Column> merged = new ArrayList<>(pinned);
        Set<String> taken = new HashSet<>();
        pinned.forEach(column -> taken.add(column.name().toLowerCase(Locale.ROOT)));
        for (Column candidate : seen) {
            List<Column> known = pinned.stream()
                    .filter(column -> column.key().equals(candidate.key()))
                    .toList();
            if (known.isEmpty()) {
                merged.add(renamed(candidate, SchemaInference.unique(candidate.name(), taken), candidate.type()));
            } else {
                mergeOne(merged, known, candidate, taken);
            }
        }
        return merged;
    }

    private void mergeOne(List<Column> merged, List<Column> known, Column candidate, Set<String> taken) {
        Column first = known.getFirst();
        if (first.type() instanceof ColumnType.Struct old && candidate.type() instanceof ColumnType.Struct fresh) {
            ColumnType.Struct wider = new ColumnType.Struct(merge(old.fields(), fresh.fields()));
            merged.set(merged.indexOf(first), renamed(first, first.name(), wider));
            return;
        }
        Optional<ColumnType> addition = addition(first.type(), candidate.type());
        String suffix =
                addition.filter(type -> type == ColumnType.Scalar.DOUBLE).isPresent() ? "__dbl" : "__str";
        boolean isThere = known.stream().anyMatch(column -> column.name().endsWith(suffix));
        if (addition.isPresent() && !isThere) {
            String name = SchemaInference.unique(first.name() + suffix, taken);
            merged.add(new Column(name, first.key(), addition.get(), nextFieldId++, candidate.share()));
        }
    }

    /// The type of a second column, where the pinned type does not hold what is seen now.
    private static Optional<ColumnType> addition(ColumnType pinned, ColumnType seen) {
        boolean pinnedHoldsAll = pinned.equals(seen)
                || pinned == ColumnType.Scalar.VARCHAR
                || pinned == ColumnType.Scalar.JSON
                || (pinned == ColumnType.Scalar.DOUBLE && isNumber(seen));
        if (pinnedHoldsAll) {
            return Optional.empty();
        }
        return Optional.of(isNumber(pinned) && isNumber(seen) ? ColumnType.Scalar.DOUBLE : ColumnType.Scalar.VARCHAR);
    }

    private static boolean isNumber(ColumnType type) {
        return type == ColumnType.Scalar.BIGINT
                || type == ColumnType.Scalar.DOUBLE
                || type instanceof ColumnType.Decimal;
    }

    private static Column renamed(Column column, String name, ColumnType type) {
        return new Column(name, column.key(), type, column.fieldId(), column.share());
    }
}

package io.weir.tiered.query.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What a statement's condition says of every row that it can be true for, in the columns that files are known by.
/// Whatever is not understood says nothing: bounds may be too wide, never too narrow.
///
/// @param partitions of `_partition`
/// @param offsets of `_offset`
/// @param micros of `_timestamp`, in microseconds since 1970; a row without a timestamp fits no bounds but `ALL`
public record RowBounds(Range partitions, Range offsets, Range micros) {
    /// Nothing is known.
    public static final RowBounds NONE = new RowBounds(Range.ALL, Range.ALL, Range.ALL);

    private static final Set<String> TIMES = Set.of("TIMESTAMP", "TIMESTAMPTZ", "TIMESTAMP WITH TIME ZONE");
    private static final int MOST_DIGITS = 18;
    private static final Pattern WHOLE = Pattern.compile("\\d+");
    private static final Pattern TIME = Pattern.compile(
            "(\\d{4}-\\d{2}-\\d{2})(?:[ T](\\d{2}:\\d{2}(?::\\d{2}(?:\\.\\d{1,6})?)?)(?:Z|\\+00|\\+00:00)?)?");

    /// Both ends count.
    public record Range(long least, long greatest) {
        public static final Range ALL = new Range(Long.MIN_VALUE, Long.MAX_VALUE);

        Range and(Range other) {
            return new Range(Math.max(least, other.least), Math.min(greatest, other.greatest));
        }

        Range or(Range other) {
            return new Range(Math.min(least, other.least), Math.max(greatest, other.greatest));
        }

        /// Whether a value from `from` to `to` may be in here.
        public boolean meets(long from, long to) {
            return from <= greatest && to >= least;
        }
    }

    private RowBounds and(RowBounds other) {
        return new RowBounds(partitions.and(other.partitions), offsets.and(other.offsets), micros.and(other.micros));
    }

    /// Of a condition over one relation.
    static RowBounds of(JsonNode condition) {
        return switch (condition.path("type").asText()) {
            case "CONJUNCTION_AND" -> {
                RowBounds all = NONE;
                for (JsonNode child : condition.path("children")) {
                    all = all.and(of(child));
                }
                yield all;
            }
            case "COMPARE_BETWEEN" ->
                column(condition.path("input"), compared("COMPARE_GREATERTHANOREQUALTO", condition.path("lower")))
                        .and(column(
                                condition.path("input"),
                                compared("COMPARE_LESSTHANOREQUALTO", condition.path("upper"))));
            case "COMPARE_IN" -> in(condition.path("children"));
            default -> comparison(condition);
        };
    }

    private static RowBounds comparison(JsonNode condition) {
        String type = condition.path("type").asText();
        JsonNode left = condition.path("left");
        JsonNode right = condition.path("right");
        return isColumn(left) ? column(left, compared(type, right)) : column(right, compared(mirrored(type), left));
    }

    private static RowBounds in(JsonNode children) {
        if (children.size() < 2) {
            return NONE;
        }
        Range any = value(children.get(1));
        for (int i = 2; i < children.size(); i++) {
            any = any.or(value(children.get(i)));
        }
        return column(children.get(0), any);
    }

    private static boolean isColumn(JsonNode node) {
        return node.path("class").asText().equals("COLUMN_REF")
                && node.path("column_names").size() == 1;
    }

    private static RowBounds column(JsonNode node, Range range) {
        if (!isColumn(node)) {
            return NONE;
        }
        return switch (node.path("column_names").get(0).asText().toLowerCase(Locale.ROOT)) {
            case "_partition" -> new RowBounds(range, Range.ALL, Range.ALL);
            case "_offset" -> new RowBounds(Range.ALL, range, Range.ALL);
            case "_timestamp" -> new RowBounds(Range.ALL, Range.ALL, range);
            default -> NONE;
        };
    }

    private static String mirrored(String type) {
        return switch (type) {
            case "COMPARE_GREATERTHAN" -> "COMPARE_LESSTHAN";
            case "COMPARE_GREATERTHANOREQUALTO" -> "COMPARE_LESSTHANOREQUALTO";
            case "COMPARE_LESSTHAN" -> "COMPARE_GREATERTHAN";
            case "COMPARE_LESSTHANOREQUALTO" -> "COMPARE_GREATERTHANOREQUALTO";
            default -> type;
        };
    }

    private static Range compared(String type, JsonNode constant) {
        Range value = value(constant);
        return switch (type) {
            case "COMPARE_EQUAL" -> value;
            case "COMPARE_GREATERTHAN", "COMPARE_GREATERTHANOREQUALTO" -> new Range(value.least(), Long.MAX_VALUE);
            case "COMPARE_LESSTHAN", "COMPARE_LESSTHANOREQUALTO" -> new Range(Long.MIN_VALUE, value.greatest());
            default -> Range.ALL;
        };
    }

    /// A whole number as it is, a time in microseconds; everything where it is neither.
    private static Range value(JsonNode node) {
        boolean time = node.path("class").asText().equals("CAST")
                && TIMES.contains(node.path("type_expr").path("type_name").asText());
        JsonNode literal = (time ? node.path("child") : node).path("literal");
        String text = literal.path("text").asText();
        Optional<Long> value = switch (literal.path("kind").asText()) {
            case "STRING" -> time(text);
            case "INTEGER" -> time || text.length() > MOST_DIGITS ? Optional.empty() : whole(text);
            default -> Optional.empty();
        };
        return value.map(known -> new Range(known, known)).orElse(Range.ALL);
    }

    private static Optional<Long> whole(String text) {
        return WHOLE.matcher(text).matches() ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }

    private static Optional<Long> time(String text) {
        Matcher matcher = TIME.matcher(text);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            LocalDateTime at = LocalDateTime.parse(
                    matcher.group(1) + "T" + (matcher.group(2) == null ? "00:00" : matcher.group(2)));
            return Optional.of(ChronoUnit.MICROS.between(LocalDateTime.of(1970, 1, 1, 0, 0), at));
        } catch (java.time.DateTimeException e) {
            return Optional.empty();
        }
    }
}

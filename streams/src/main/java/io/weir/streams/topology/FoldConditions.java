package io.weir.streams.topology;

import io.weir.streams.dsl.Both;
import io.weir.streams.dsl.Comparison;
import io.weir.streams.dsl.Constant;
import io.weir.streams.dsl.Expr;
import io.weir.streams.dsl.Field;
import io.weir.streams.dsl.Opaque;
import io.weir.streams.replay.FoldQuery;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// Conditions of a plan as SQL, where both decide alike about every row: no order of texts, which Java and SQL see
/// differently, no floating point, no constant that a column could not hold.
final class FoldConditions {
    private static final int MOST_DIGITS = 18;

    private FoldConditions() {}

    /// True, or not.
    ///
    /// @throws FoldRefused naming the stage and what cannot be compared
    static String sql(String stage, Expr expr, FoldColumns columns) {
        return switch (expr) {
            case Comparison comparison -> "coalesce(" + comparison(stage, comparison, columns) + ", false)";
            case Field field -> {
                FoldQuery.Member member = columns.of(stage, field);
                if (member.type() != FoldQuery.Type.BOOLEAN) {
                    throw new FoldRefused(stage, "a condition must be a boolean column, got " + member.type());
                }
                yield "coalesce(" + member.column() + ", false)";
            }
            case Opaque opaque ->
                throw new FoldRefused(
                        stage, "opaque code; use a method reference, as in " + "where(Click::type).is(...)");
            case Constant constant -> throw new FoldRefused(stage, "a constant is no condition");
            case Both both -> throw new FoldRefused(stage, "a pair is no condition");
        };
    }

    private static String comparison(String stage, Comparison comparison, FoldColumns columns) {
        if (!(comparison.subject() instanceof Field field)) {
            throw new FoldRefused(stage, "opaque code at " + comparison + "; use a method reference");
        }
        FoldQuery.Member member = columns.of(stage, field);
        String column = member.column();
        List<Object> constants = comparison.constants();
        return switch (comparison.operator()) {
            case IS_NULL -> column + " IS NULL";
            case NOT_NULL -> column + " IS NOT NULL";
            case EQ -> column + " = " + literal(stage, member, constants.getFirst());
            case NE -> column + " <> " + literal(stage, member, constants.getFirst());
            case IN ->
                column
                        + constants.stream()
                                .map(constant -> literal(stage, member, constant))
                                .collect(Collectors.joining(", ", " IN (", ")"));
            case GT -> column + " > " + ordered(stage, member, constants.getFirst());
            case GE -> column + " >= " + ordered(stage, member, constants.getFirst());
            case LT -> column + " < " + ordered(stage, member, constants.getFirst());
            case LE -> column + " <= " + ordered(stage, member, constants.getFirst());
        };
    }

    private static String ordered(String stage, FoldQuery.Member member, Object constant) {
        if (member.type() == FoldQuery.Type.TEXT || member.type() == FoldQuery.Type.BOOLEAN) {
            throw new FoldRefused(stage, "only numbers and instants are compared by order, got " + member.type());
        }
        return literal(stage, member, constant);
    }

    private static String literal(String stage, FoldQuery.Member member, Object constant) {
        return switch (constant) {
            case Boolean truth when member.type() == FoldQuery.Type.BOOLEAN -> truth.toString();
            case Long number
            when member.type() == FoldQuery.Type.INT || member.type() == FoldQuery.Type.LONG ->
                "CAST(" + number + " AS BIGINT)";
            case Long number when member.type() == FoldQuery.Type.DECIMAL -> decimal(stage, BigDecimal.valueOf(number));
            case BigDecimal number when member.type() == FoldQuery.Type.DECIMAL -> decimal(stage, number);
            case String text when member.type() == FoldQuery.Type.TEXT -> text(stage, text);
            case String text when member.type() == FoldQuery.Type.INSTANT -> instant(stage, text);
            default ->
                throw new FoldRefused(stage, "a column of type " + member.type() + " is not compared with " + constant);
        };
    }

    private static String decimal(String stage, BigDecimal number) {
        int scale = Math.max(0, number.scale());
        BigDecimal plain = number.setScale(scale);
        if (plain.precision() > MOST_DIGITS || scale > MOST_DIGITS) {
            throw new FoldRefused(stage, "a decimal may have " + MOST_DIGITS + " digits, got " + number);
        }
        return "CAST('" + plain.toPlainString() + "' AS DECIMAL(" + MOST_DIGITS + "," + scale + "))";
    }

    private static String text(String stage, String text) {
        boolean hasForm = StandardCharsets.UTF_8.newEncoder().canEncode(text) && text.indexOf('\0') < 0;
        if (!hasForm) {
            throw new FoldRefused(stage, "a text that no column can hold: '" + text + "'");
        }
        return "'" + text.replace("'", "''") + "'";
    }

    private static String instant(String stage, String text) {
        try {
            Instant instant = Instant.parse(text);
            if (instant.getNano() % 1_000 != 0) {
                throw new FoldRefused(stage, "an instant must have whole microseconds, got " + text);
            }
            long micros =
                    Math.addExact(Math.multiplyExact(instant.getEpochSecond(), 1_000_000L), instant.getNano() / 1_000);
            return String.format(Locale.ROOT, "CAST(%d AS BIGINT)", micros);
        } catch (DateTimeException | ArithmeticException e) {
            throw new FoldRefused(stage, "no instant that a column can hold: " + text);
        }
    }
}

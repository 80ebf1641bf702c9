package io.weir.streams.dsl;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The second half of a comparison: `.where(Click::type).is("click")`. A null column fails all of them but
/// [#isNull()].
///
/// @param <S> what the comparison gives back: the filtered stream
/// @param <R> the column
public final class Where<S, R> {
    private final Column<Object, @Nullable Object> code;
    private final Expr subject;
    private final Node node;
    private final Function<Expr, S> next;

    Where(Column<?, ?> column, Node node, Function<Expr, S> next) {
        this.code = Lambda.erased(column);
        this.subject = Lambda.of(column).expr(node.row);
        this.node = node;
        this.next = next;
    }

    public S is(R constant) {
        return compare(Comparison.Operator.EQ, constant, value -> same(value, constant));
    }

    public S isNot(R constant) {
        return compare(Comparison.Operator.NE, constant, value -> !same(value, constant));
    }

    @SafeVarargs
    public final S in(R... constants) {
        List<R> allowed = new ArrayList<>(Arrays.asList(constants));
        List<Object> shown = new ArrayList<>();
        for (R constant : allowed) {
            shown.add(json(constant));
        }
        return test(Comparison.Operator.IN, shown, value -> {
            for (R constant : allowed) {
                if (same(value, constant)) {
                    return true;
                }
            }
            return false;
        });
    }

    public S gt(R constant) {
        return compare(Comparison.Operator.GT, constant, value -> order(value, constant) > 0);
    }

    public S ge(R constant) {
        return compare(Comparison.Operator.GE, constant, value -> order(value, constant) >= 0);
    }

    public S lt(R constant) {
        return compare(Comparison.Operator.LT, constant, value -> order(value, constant) < 0);
    }

    public S le(R constant) {
        return compare(Comparison.Operator.LE, constant, value -> order(value, constant) <= 0);
    }

    public S isNull() {
        Column<Object, @Nullable Object> column = code;
        return next.apply(
                new Comparison(Comparison.Operator.IS_NULL, subject, List.of(), row -> column.of(row) == null));
    }

    public S isNotNull() {
        return test(Comparison.Operator.NOT_NULL, List.of(), value -> true);
    }

    private S compare(Comparison.Operator operator, R constant, Function<Object, Boolean> test) {
        return test(operator, List.of(json(constant)), test);
    }

    private S test(Comparison.Operator operator, List<Object> constants, Function<Object, Boolean> test) {
        Column<Object, @Nullable Object> column = code;
        return next.apply(new Comparison(operator, subject, constants, row -> {
            Object value = column.of(row);
            return value != null && test.apply(value);
        }));
    }

    /// Decimals are equal when their numbers are, whatever their scale.
    private static boolean same(Object value, @Nullable Object constant) {
        return (value instanceof BigDecimal number && constant instanceof BigDecimal other)
                ? number.compareTo(other) == 0
                : value.equals(constant);
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // both sides have the type of the column; checked by json()
    private static int order(Object value, Object constant) {
        return ((Comparable) value).compareTo(constant);
    }

    private Object json(@Nullable R constant) {
        return Constant.shown(constant, node.path() + ".where");
    }
}

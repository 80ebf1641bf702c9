package io.weir.streams.dsl;

import io.weir.streams.dsl.Stage.FoldColumn;
import io.weir.streams.dsl.Stage.FoldKind;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// How one component of a folded row is computed. Null columns are left out, as in SQL.
///
/// @param <V> the rows that are folded
public final class Aggregate<V> {
    private static final Set<Class<?>> INTEGERS = Set.of(Byte.class, Short.class, Integer.class, Long.class);
    private static final Set<Class<?>> DECIMALS = Set.of(BigDecimal.class, BigInteger.class);
    private static final Set<Class<?>> FLOATS = Set.of(Float.class, Double.class);

    private final String name;
    private final FoldKind kind;
    private final @Nullable Lambda column;
    private final int limit;

    private Aggregate(String name, FoldKind kind, @Nullable Lambda column) {
        this(name, kind, column, 0);
    }

    private Aggregate(String name, FoldKind kind, @Nullable Lambda column, int limit) {
        this.name = name;
        this.kind = kind;
        this.column = column;
        this.limit = limit;
    }

    /// The number of rows, into a component of type `long`.
    public static <V> Aggregate<V> count(String name) {
        return new Aggregate<>(name, FoldKind.COUNT, null);
    }

    /// The number of rows for which a condition holds, into a component of type `long`.
    public static <V> Aggregate<V> countIf(Condition<V> condition, String name) {
        return new Aggregate<>(name, FoldKind.COUNT_IF, Lambda.of(condition));
    }

    /// The value of the row with the least event time, into a component of the column's type.
    public static <V> Aggregate<V> first(Column<V, ?> column, String name) {
        return new Aggregate<>(name, FoldKind.FIRST, Lambda.of(column));
    }

    /// The value of the row with the greatest event time, into a component of the column's type.
    public static <V> Aggregate<V> last(Column<V, ?> column, String name) {
        return new Aggregate<>(name, FoldKind.LAST, Lambda.of(column));
    }

    /// How many different values there are, into a component of type `long`: exact up to 256, about 1.6 %
    /// off for more.
    public static <V> Aggregate<V> distinctApprox(Column<V, ?> column, String name) {
        return new Aggregate<>(name, FoldKind.DISTINCT_APPROX, Lambda.of(column));
    }

    /// The values in the order of event time, into a component of type `List`.
    ///
    /// @param max how many are kept, the first ones; at least 1
    public static <V> Aggregate<V> collect(int max, Column<V, ?> column, String name) {
        if (max < 1) {
            throw new PlanRefused("window", "collect", "collect keeps at least 1 value, got " + max + ".");
        }
        return new Aggregate<>(name, FoldKind.COLLECT, Lambda.of(column), max);
    }

    /// The exact sum: of integers into `long` (an overflow is an error), of decimals into `BigDecimal`. For
    /// binary floating point numbers add [#approximate()].
    public static <V> Aggregate<V> sum(Column<V, ? extends @Nullable Number> column, String name) {
        return new Aggregate<>(name, FoldKind.SUM, Lambda.of(column));
    }

    /// The least value, into a component of the column's type.
    public static <V> Aggregate<V> min(Column<V, ? extends @Nullable Comparable<?>> column, String name) {
        return new Aggregate<>(name, FoldKind.MIN, Lambda.of(column));
    }

    /// The greatest value, into a component of the column's type.
    public static <V> Aggregate<V> max(Column<V, ? extends @Nullable Comparable<?>> column, String name) {
        return new Aggregate<>(name, FoldKind.MAX, Lambda.of(column));
    }

    /// The exact sum divided by the number of values: into `double` (rounded once), or into `BigDecimal`
    /// (34 digits).
    public static <V> Aggregate<V> avg(Column<V, ? extends @Nullable Number> column, String name) {
        return new Aggregate<>(name, FoldKind.AVG, Lambda.of(column));
    }

    /// Allows a sum or an average of `float` or `double`, whose last digits depend on the order of the
    /// rows.
    public Aggregate<V> approximate() {
        if (kind != FoldKind.SUM && kind != FoldKind.AVG) {
            throw new PlanRefused(
                    "window", "approximate", "approximate() belongs to a sum or an average, got '" + name + "'.");
        }
        return new Aggregate<>(
                name, kind == FoldKind.SUM ? FoldKind.APPROXIMATE_SUM : FoldKind.APPROXIMATE_AVG, column);
    }

    /// Checks the aggregates against the result's components and puts them in the order of these.
    static List<FoldColumn> bind(List<? extends Aggregate<?>> aggregates, Class<?> type, RowType row, String path) {
        if (!type.isRecord()) {
            throw new PlanRefused(path, "fold-type", "the result must be a record, got " + type.getName() + ".");
        }
        Map<String, Class<?>> components = new LinkedHashMap<>();
        for (RecordComponent component : type.getRecordComponents()) {
            components.put(component.getName(), component.getType());
        }
        Map<String, Aggregate<?>> byName = new LinkedHashMap<>();
        for (Aggregate<?> aggregate : aggregates) {
            if (!components.containsKey(aggregate.name)) {
                throw new PlanRefused(
                        path,
                        "unknown-field",
                        type.getSimpleName() + " has no component '" + aggregate.name + "'."
                                + Names.hint(components.keySet(), aggregate.name));
            }
            if (byName.put(aggregate.name, aggregate) != null) {
                throw new PlanRefused(path, "field-twice", "component '" + aggregate.name + "' is computed twice.");
            }
        }
        List<FoldColumn> fold = new ArrayList<>();
        components.forEach((name, component) -> {
            Aggregate<?> aggregate = byName.get(name);
            if (aggregate == null) {
                throw new PlanRefused(
                        path, "field-missing", "component '" + name + "' is not computed. Add an aggregate for it.");
            }
            fold.add(aggregate.column(component, row, path));
        });
        return List.copyOf(fold);
    }

    private FoldColumn column(Class<?> component, RowType row, String path) {
        Lambda lambda = column;
        if (lambda == null) {
            require(boxed(component) == Long.class, path, "needs type long", component);
            return new FoldColumn(name, kind, null, 0);
        }
        checkType(lambda, component, path);
        boolean mayBeNothing = switch (kind) {
            case COUNT, COUNT_IF, SUM, APPROXIMATE_SUM, DISTINCT_APPROX, COLLECT -> false;
            case MIN, MAX, AVG, APPROXIMATE_AVG, FIRST, LAST -> !lambda.givesPrimitive();
        };
        require(
                !component.isPrimitive() || !mayBeNothing,
                path,
                "may be null where all values are null, so it needs a boxed type",
                component);
        Expr expr = kind == FoldKind.COUNT_IF ? Operators.condition(lambda, row) : lambda.expr(row);
        return new FoldColumn(name, kind, expr, limit);
    }

    private void checkType(Lambda lambda, Class<?> component, String path) {
        Class<?> from = lambda.resultType();
        Class<?> into = boxed(component);
        switch (kind) {
            case SUM -> {
                require(!FLOATS.contains(from), path, "sums binary floating point numbers; add .approximate()", from);
                boolean integers = into == Long.class && !DECIMALS.contains(from);
                boolean decimals = into == BigDecimal.class;
                require(integers || decimals, path, "needs type long or BigDecimal for " + from.getSimpleName(), into);
            }
            case APPROXIMATE_SUM, APPROXIMATE_AVG -> require(into == Double.class, path, "needs type double", into);
            case AVG -> {
                require(
                        !FLOATS.contains(from),
                        path,
                        "averages binary floating point numbers; add .approximate()",
                        from);
                require(
                        into == Double.class || into == BigDecimal.class,
                        path,
                        "needs type double or BigDecimal for " + from.getSimpleName(),
                        into);
            }
            case MIN, MAX, FIRST, LAST ->
                require(
                        into == from || (into == Long.class && INTEGERS.contains(from)),
                        path,
                        "needs the type of its column, " + from.getSimpleName(),
                        into);
            case COLLECT -> require(into == List.class, path, "needs type List", into);
            case COUNT, COUNT_IF, DISTINCT_APPROX -> require(into == Long.class, path, "needs type long", into);
        }
    }

    private void require(boolean holds, String path, String rule, Class<?> got) {
        if (!holds) {
            throw new PlanRefused(
                    path, "fold-type", "component '" + name + "' " + rule + ", got " + got.getSimpleName() + ".");
        }
    }

    private static Class<?> boxed(Class<?> type) {
        return java.lang.invoke.MethodType.methodType(type).wrap().returnType();
    }
}

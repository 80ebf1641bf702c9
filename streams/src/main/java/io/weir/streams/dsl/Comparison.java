package io.weir.streams.dsl;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// A column compared with constants. A null column fails every comparison but [Operator#IS_NULL], as in
/// SQL. Equal to another with the same operator, subject and constants.
public final class Comparison implements Expr {
    /// How the column is compared.
    public enum Operator {
        EQ("eq", "="),
        NE("ne", "<>"),
        IN("in", "in"),
        GT("gt", ">"),
        GE("ge", ">="),
        LT("lt", "<"),
        LE("le", "<="),
        IS_NULL("isNull", "is null"),
        NOT_NULL("notNull", "is not null");

        private final String json;
        private final String sign;

        Operator(String json, String sign) {
            this.json = json;
            this.sign = sign;
        }

        /// The name of the operator in a plan's JSON.
        String json() {
            return json;
        }

        boolean takesNothing() {
            return this == IS_NULL || this == NOT_NULL;
        }
    }

    /// A number of that many digits always fits a long.
    private static final int LONG_DIGITS = 18;

    private final Operator operator;
    private final Expr subject;
    private final List<Object> constants;
    private final @Nullable Condition<Object> code;

    Comparison(Operator operator, Expr subject, List<Object> constants, @Nullable Condition<Object> code) {
        this.operator = operator;
        this.subject = subject;
        this.constants = List.copyOf(constants);
        this.code = code;
    }

    public Operator operator() {
        return operator;
    }

    /// The column: a [Field] or an [Opaque].
    public Expr subject() {
        return subject;
    }

    /// Strings, longs, decimals and booleans, as they stand in JSON.
    public List<Object> constants() {
        return constants;
    }

    /// Decides about one row.
    ///
    /// @throws PlanRefused in a plan that was read from JSON
    public Condition<Object> code() {
        return Opaque.present(code, toString());
    }

    @Override
    public boolean inspectable() {
        return subject.inspectable();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Comparison that
                && that.operator == operator
                && that.subject.equals(subject)
                && that.constants.equals(constants);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * operator.hashCode() + subject.hashCode()) + constants.hashCode();
    }

    @Override
    public String toString() {
        if (operator.takesNothing()) {
            return subject + " " + operator.sign;
        }
        String listed = constants.stream().map(Comparison::quoted).collect(Collectors.joining(", "));
        return subject + " " + operator.sign + " " + (operator == Operator.IN ? "(" + listed + ")" : listed);
    }

    /// A decimal as it stands in JSON: without trailing zeros, a whole number as a long.
    static Object number(BigDecimal decimal) {
        BigDecimal stripped = decimal.stripTrailingZeros();
        boolean whole = stripped.scale() <= 0 && stripped.precision() - stripped.scale() <= LONG_DIGITS;
        return whole ? (Object) stripped.longValueExact() : stripped;
    }

    private static String quoted(Object constant) {
        return constant instanceof String text ? "'" + text + "'" : String.valueOf(constant);
    }
}

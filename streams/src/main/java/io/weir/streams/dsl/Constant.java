package io.weir.streams.dsl;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A value that does not depend on the row. Equal to another that stands alike in JSON.
public final class Constant implements Expr {
    private final Object shown;
    private final @Nullable Object value;

    Constant(Object shown, @Nullable Object value) {
        this.shown = shown;
        this.value = value;
    }

    /// A constant of a job.
    static Constant of(@Nullable Object value, String operator) {
        return new Constant(shown(value, operator), value);
    }

    /// A string, long, decimal or boolean, as it stands in JSON.
    public Object shown() {
        return shown;
    }

    /// The value as the job has given it.
    ///
    /// @throws PlanRefused in a plan that was read from JSON
    public Object value() {
        return Opaque.present(value, toString());
    }

    @Override
    public boolean inspectable() {
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Constant that && that.shown.equals(shown);
    }

    @Override
    public int hashCode() {
        return shown.hashCode();
    }

    @Override
    public String toString() {
        return shown instanceof String text ? "'" + text + "'" : String.valueOf(shown);
    }

    /// How a constant stands in JSON.
    ///
    /// @throws PlanRefused for what has no such form
    static Object shown(@Nullable Object constant, String operator) {
        return switch (constant) {
            case String text -> text;
            case Boolean bool -> bool;
            case Long number -> number;
            case Integer number -> number.longValue();
            case Short number -> number.longValue();
            case Byte number -> number.longValue();
            case BigDecimal number -> Comparison.number(number);
            case Double number -> Comparison.number(BigDecimal.valueOf(number));
            case Float number -> Comparison.number(new BigDecimal(number.toString()));
            case Instant instant -> instant.toString();
            case UUID uuid -> uuid.toString();
            case Enum<?> constantOfEnum -> constantOfEnum.name();
            case null ->
                throw new PlanRefused(operator, "constant", "a constant cannot be null. Use isNull() or only().");
            default ->
                throw new PlanRefused(
                        operator,
                        "constant",
                        "a constant must be a string, number, boolean, instant, UUID or enum, got "
                                + constant.getClass().getName() + ". Use a lambda.");
        };
    }
}

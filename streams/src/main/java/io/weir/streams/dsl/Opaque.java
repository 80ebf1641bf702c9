package io.weir.streams.dsl;

import java.io.Serializable;
import org.jspecify.annotations.Nullable;

/// Java code that a plan cannot look into. Its fingerprint is a hash of the bytecode of the lambda and of
/// all it calls in the same artifact: an equal one means "may be the same code", a changed one means
/// "replay". Equal to another with the same fingerprint.
public final class Opaque implements Expr {
    private final String fingerprint;
    private final @Nullable Object code;

    Opaque(String fingerprint, @Nullable Object code) {
        this.fingerprint = fingerprint;
        this.code = code;
    }

    /// 64 hexadecimal digits.
    public String fingerprint() {
        return fingerprint;
    }

    /// The method that the job has named, `Class::method`; empty for a lambda and for an object of a class.
    String reference() {
        return code instanceof Serializable present ? Lambda.of(present).reference() : "";
    }

    /// The code as a function of one row.
    ///
    /// @throws PlanRefused in a plan that was read from JSON
    @SuppressWarnings("unchecked") // the stage that holds it knows the kind of lambda it was made from
    public Column<Object, @Nullable Object> column() {
        return (Column<Object, @Nullable Object>) present(code, toString());
    }

    /// The code as a join function.
    ///
    /// @throws PlanRefused in a plan that was read from JSON
    @SuppressWarnings("unchecked") // as above
    public Joiner<@Nullable Object, @Nullable Object, @Nullable Object, Object> joiner() {
        return (Joiner<@Nullable Object, @Nullable Object, @Nullable Object, Object>) present(code, toString());
    }

    /// The code as what the job has handed in.
    ///
    /// @throws PlanRefused in a plan that was read from JSON
    public <T> T code(Class<T> kind) {
        return kind.cast(present(code, toString()));
    }

    static <T> T present(@Nullable T code, String what) {
        if (code == null) {
            throw new PlanRefused(
                    what,
                    "no-code",
                    "a plan that was read from JSON holds no code and cannot run. Plan the job class.");
        }
        return code;
    }

    @Override
    public boolean inspectable() {
        return false;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Opaque opaque && opaque.fingerprint.equals(fingerprint);
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    @Override
    public String toString() {
        return "opaque#" + fingerprint.substring(0, Math.min(8, fingerprint.length()));
    }
}

package io.weir.streams.dsl;

import org.jspecify.annotations.Nullable;

/// One component of the row, by name. Equal to another field with the same name.
public final class Field implements Expr {
    private final String name;
    private final @Nullable Column<Object, @Nullable Object> code;

    Field(String name, @Nullable Column<Object, @Nullable Object> code) {
        this.name = name;
        this.code = code;
    }

    public String name() {
        return name;
    }

    /// Reads the component.
    ///
    /// @throws PlanRefused in a plan that was read from JSON
    public Column<Object, @Nullable Object> code() {
        return Opaque.present(code, name);
    }

    @Override
    public boolean inspectable() {
        return true;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Field field && field.name.equals(name);
    }

    @Override
    public int hashCode() {
        return name.hashCode();
    }

    @Override
    public String toString() {
        return name;
    }
}

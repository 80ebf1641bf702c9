package io.weir.streams.dsl;

/// Two values as a [Pair]: the key of `keyBy(a, b)`.
public record Both(Expr first, Expr second) implements Expr {
    @Override
    public boolean inspectable() {
        return first.inspectable() && second.inspectable();
    }

    @Override
    public String toString() {
        return "(" + first + ", " + second + ")";
    }
}

package io.weir.streams.dsl;

/// What a stage computes from a row. [Field], [Constant], [Comparison] and [Both] are open to the plan: it
/// prints them, compares them and may push them down. [Opaque] is Java code of which the plan knows a
/// fingerprint only.
public sealed interface Expr permits Field, Constant, Comparison, Both, Opaque {
    /// Whether the plan knows what this computes, down to its last part.
    boolean inspectable();
}

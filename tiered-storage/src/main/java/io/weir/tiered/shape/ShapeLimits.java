package io.weir.tiered.shape;

/// How far shredding goes. What lies beyond stays as it is; nothing fails.
///
/// @param shapes most shapes of one file
/// @param columns most columns of one table, fields of objects counted, the fixed ones not
/// @param depth most levels of nesting of a value
public record ShapeLimits(int shapes, int columns, int depth) {
    public static final ShapeLimits DEFAULT = new ShapeLimits(4096, 1000, 64);

    public ShapeLimits {
        if (shapes < 1 || columns < 0 || depth < 1) {
            throw new IllegalArgumentException("Limits of shapes: must be positive, got " + shapes + " shapes, "
                    + columns + " columns, depth " + depth + ".");
        }
    }
}

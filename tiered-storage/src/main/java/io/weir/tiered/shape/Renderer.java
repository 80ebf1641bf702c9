package io.weir.tiered.shape;

import io.weir.tiered.shape.Step.ListStep;

/// Writes a value from its shape and its leaves. The proof and every later read go through here.
final class Renderer {
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final byte[] TRUE = {'t', 'r', 'u', 'e'};
    private static final byte[] FALSE = {'f', 'a', 'l', 's', 'e'};

    private Renderer() {}

    static void render(Step[] steps, LeafSource leaves, TextOut out) {
        for (Step step : steps) {
            byte[] literal = step.literal();
            if (literal.length > 0) {
                out.put(literal, 0, literal.length);
            }
            if (step.list() != null) {
                list(step, step.list(), leaves, out);
            } else if (step.op() >= Step.BINARY) {
                BinaryHole.write(step, leaves, out);
                leaves.next(step.leaf());
            } else if (step.op() != Step.END) {
                int leaf = step.leaf();
                if (leaves.isPresent(leaf)) {
                    hole(step, leaf, leaves, out);
                } else {
                    out.put(NULL, 0, NULL.length);
                }
                leaves.next(leaf);
            }
        }
    }

    static void hole(Step step, int leaf, LeafSource leaves, TextOut out) {
        switch (step.op()) {
            case Step.LONG -> out.putLong(leaves.wholeNumber(leaf));
            case Step.DECIMAL -> decimal(leaves.wholeNumber(leaf), step, out);
            case Step.DOUBLE -> DoubleText.write(leaves.floatingPoint(leaf), step.style(), out);
            case Step.BOOLEAN -> {
                byte[] text = leaves.truth(leaf) ? TRUE : FALSE;
                out.put(text, 0, text.length);
            }
            case Step.STRING ->
                StringText.writeQuoted(
                        leaves.bytes(leaf), leaves.start(leaf), leaves.length(leaf), EscapeStyle.of(step.style()), out);
            case Step.UUID -> {
                out.put('"');
                UuidText.write(leaves.bytes(leaf), leaves.start(leaf), out);
                out.put('"');
            }
            case Step.INSTANT -> {
                out.put('"');
                InstantText.write(leaves.wholeNumber(leaf), InstantStyle.of(step.style()), out);
                out.put('"');
            }
            case Step.TEXT, Step.JSON -> out.put(leaves.bytes(leaf), leaves.start(leaf), leaves.length(leaf));
            default -> throw new IllegalStateException("Step " + step.op() + " is no hole.");
        }
    }

    private static void decimal(long unscaled, Step step, TextOut out) {
        long shown = unscaled / step.factor();
        if (shown < 0) {
            out.put('-');
        }
        out.putScaled(Math.abs(shown), step.style());
    }

    private static void list(Step step, ListStep list, LeafSource leaves, TextOut out) {
        int count = leaves.elements(step.leaf(), step.repetition(), step.definition());
        boolean block = step.op() == Step.BLOCK;
        if (block) {
            BinaryHole.putVarint(count, out);
        }
        out.put(list.open());
        if (count == 0) {
            for (int leaf : list.taken()) {
                leaves.skip(leaf);
            }
        }
        for (int i = 0; i < count; i++) {
            if (i > 0) {
                out.put(list.separator());
            }
            if (step.op() == Step.VARIED) {
                element(step.leaf(), list, leaves, out);
            } else {
                render(list.element(), leaves, out);
                for (int leaf : list.passed()) {
                    leaves.skip(leaf);
                }
            }
        }
        out.put(list.close());
        if (block && count > 0) {
            out.put(0);
        }
    }

    /// Writes an element that has a shape of its own, or is null.
    private static void element(int shapeLeaf, ListStep list, LeafSource leaves, TextOut out) {
        if (!leaves.isPresent(shapeLeaf)) {
            out.put(NULL, 0, NULL.length);
            leaves.next(shapeLeaf);
            for (int leaf : list.passed()) {
                leaves.skip(leaf);
            }
            return;
        }
        Shape shape = leaves.shape(shapeLeaf);
        leaves.next(shapeLeaf);
        shape.render(leaves, out);
        for (int leaf : shape.nulls().leaves()) {
            leaves.skip(leaf);
        }
    }
}

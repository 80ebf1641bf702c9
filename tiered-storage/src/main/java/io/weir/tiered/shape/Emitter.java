package io.weir.tiered.shape;

import io.weir.tiered.shape.Step.ListStep;
import io.weir.tiered.shape.Step.Nulls;

/// Hands the leaves of a proven value on, with their levels. One thread.
final class Emitter {
    private final ColumnTree tree;
    private final LeafBuffer leaves;

    Emitter(ColumnTree tree, LeafBuffer leaves) {
        this.tree = tree;
        this.leaves = leaves;
    }

    void emit(Shape shape, LeafSink sink) {
        leaves.rewind();
        nulls(shape.nulls(), 0, sink);
        emit(shape.steps(), 0, sink);
    }

    private static void nulls(Nulls nulls, int repetition, LeafSink sink) {
        int[] empty = nulls.leaves();
        for (int i = 0; i < empty.length; i++) {
            sink.nothing(empty[i], repetition, nulls.definitions()[i]);
        }
    }

    private void emit(Step[] steps, int repetition, LeafSink sink) {
        for (Step step : steps) {
            ListStep list = step.list();
            if (list != null) {
                list(step, list, repetition, sink);
            } else if (step.op() != Step.END) {
                hole(step, repetition, sink);
            }
        }
    }

    private void hole(Step step, int repetition, LeafSink sink) {
        int leaf = step.leaf();
        int definition = step.definition();
        if (!leaves.isPresent(leaf)) {
            sink.nothing(leaf, repetition, definition - 1);
        } else {
            switch (step.op()) {
                case Step.DOUBLE, Step.FLOAT64, Step.FLOAT32 ->
                    sink.floatingPoint(leaf, repetition, definition, leaves.floatingPoint(leaf));
                case Step.BOOLEAN, Step.FLAG -> sink.truth(leaf, repetition, definition, leaves.truth(leaf));
                case Step.STRING, Step.UUID, Step.TEXT, Step.JSON, Step.PREFIXED, Step.FIXED, Step.SYMBOL ->
                    sink.bytes(
                            leaf, repetition, definition, leaves.bytes(leaf), leaves.start(leaf), leaves.length(leaf));
                default -> sink.wholeNumber(leaf, repetition, definition, leaves.wholeNumber(leaf));
            }
        }
        leaves.next(leaf);
    }

    private void list(Step step, ListStep list, int repetition, LeafSink sink) {
        int count = leaves.elements(step.leaf(), step.repetition(), step.definition());
        if (count == 0) {
            for (int leaf : list.allLeaves()) {
                // the list is there, an element is not
                sink.nothing(leaf, repetition, step.definition() - 1);
            }
        }
        for (int i = 0; i < count; i++) {
            int level = i == 0 ? repetition : step.repetition();
            if (step.op() == Step.VARIED) {
                element(step, list, level, sink);
            } else {
                nulls(list.nulls(), level, sink);
                emit(list.element(), level, sink);
            }
        }
    }

    private void element(Step step, ListStep list, int repetition, LeafSink sink) {
        int shapeLeaf = step.leaf();
        if (!leaves.isPresent(shapeLeaf)) {
            leaves.next(shapeLeaf);
            for (int leaf : list.allLeaves()) {
                // the element is there, and null
                sink.nothing(leaf, repetition, step.definition());
            }
            return;
        }
        Shape shape = leaves.shape(shapeLeaf);
        leaves.next(shapeLeaf);
        sink.wholeNumber(shapeLeaf, repetition, tree.leaf(shapeLeaf).definition(), shape.id());
        nulls(shape.nulls(), repetition, sink);
        emit(shape.steps(), repetition, sink);
    }

    /// A row without a shape: every leaf is null.
    void nothing(LeafSink sink) {
        for (int leaf = 0; leaf < tree.leafCount(); leaf++) {
            sink.nothing(leaf, 0, 0);
        }
    }
}

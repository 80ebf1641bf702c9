package io.weir.tiered.shape;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.BitSet;

/// A value's text with its leaves replaced by typed holes, compiled for one tree of columns. Immutable, safe for
/// use by any thread.
public final class Shape {
    private final long id;
    private final byte[] form;
    private final Step[] steps;
    private final Step.Nulls nulls;
    private final BitSet leaves;
    private final boolean loose;

    /// @param loose whether a part is kept as JSON text although its key has typed columns
    Shape(long id, byte[] form, Step[] steps, Step.Nulls nulls, boolean loose) {
        this.id = id;
        this.form = form;
        this.steps = steps;
        this.nulls = nulls;
        this.leaves = leavesOf(steps);
        this.loose = loose;
    }

    /// First 8 bytes of the SHA-256 of the stored form.
    static long idOf(byte[] form) {
        try {
            return ByteBuffer.wrap(MessageDigest.getInstance("SHA-256").digest(form))
                    .getLong();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every Java has SHA-256.", e);
        }
    }

    public long id() {
        return id;
    }

    /// The stored form, [ShapeForm].
    byte[] form() {
        return form;
    }

    Step[] steps() {
        return steps;
    }

    /// A loose shape fits values that a strict one would take apart further.
    boolean isLoose() {
        return loose;
    }

    /// Leaves of a row that no step fills.
    Step.Nulls nulls() {
        return nulls;
    }

    private static BitSet leavesOf(Step[] steps) {
        BitSet leaves = new BitSet();
        for (Step step : steps) {
            if (step.list() != null) {
                Arrays.stream(step.list().taken()).forEach(leaves::set);
            } else if (step.op() != Step.END) {
                leaves.set(step.leaf());
            }
        }
        return leaves;
    }

    /// Adds the leaves that reading takes entries from.
    public void addLeavesTo(BitSet target) {
        target.or(leaves);
    }

    /// Adds the leaves that hold the shapes of elements.
    public void addShapeLeavesTo(BitSet target) {
        addShapeLeaves(steps, target);
    }

    private static void addShapeLeaves(Step[] steps, BitSet target) {
        for (Step step : steps) {
            if (step.op() == Step.VARIED) {
                target.set(step.leaf());
            } else if (step.list() != null) {
                addShapeLeaves(step.list().element(), target);
            }
        }
    }

    /// Writes the value back.
    ///
    /// @param leaves of the row that has this shape
    public void render(LeafSource leaves, TextOut out) {
        Renderer.render(steps, leaves, out);
    }
}

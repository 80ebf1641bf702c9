package io.weir.tiered.parquet;

import io.weir.tiered.shape.LeafSource;
import io.weir.tiered.shape.Shape;
import org.jspecify.annotations.Nullable;

/// Reads the leaves of one row after the other from decoded columns. One thread.
final class LeafCursor implements LeafSource {
    /// Shapes of elements that are kept at hand; a power of two.
    private static final int AT_HAND = 64;

    private final @Nullable LeafColumn[] columns;
    private final ShapedValues values;
    private final @Nullable Shape[] atHand = new Shape[AT_HAND];
    /// Entry of each leaf that comes next.
    private final int[] next;

    LeafCursor(ShapedValues values) {
        this.values = values;
        this.columns = values.leaves();
        this.next = new int[columns.length];
    }

    void moveTo(int row) {
        for (int leaf = 0; leaf < next.length; leaf++) {
            LeafColumn column = columns[leaf];
            if (column != null) {
                next[leaf] = column.rowStarts().length == 0 ? row : column.rowStarts()[row];
            }
        }
    }

    private LeafColumn column(int leaf) {
        LeafColumn column = columns[leaf];
        if (column == null) {
            throw new IllegalStateException("Leaf " + leaf + " has not been decoded.");
        }
        return column;
    }

    @Override
    public boolean isPresent(int leaf) {
        return column(leaf).isPresent(next[leaf]);
    }

    @Override
    public long wholeNumber(int leaf) {
        return column(leaf).numbers()[next[leaf]];
    }

    @Override
    public double floatingPoint(int leaf) {
        return Double.longBitsToDouble(column(leaf).numbers()[next[leaf]]);
    }

    @Override
    public boolean truth(int leaf) {
        return column(leaf).numbers()[next[leaf]] != 0;
    }

    @Override
    public byte[] bytes(int leaf) {
        return column(leaf).bytes().bytes();
    }

    @Override
    public int start(int leaf) {
        return column(leaf).bytes().start(next[leaf]);
    }

    @Override
    public int length(int leaf) {
        return column(leaf).bytes().length(next[leaf]);
    }

    @Override
    public Shape shape(int leaf) {
        long id = wholeNumber(leaf);
        int place = (int) id & (AT_HAND - 1);
        Shape shape = atHand[place];
        if (shape == null || shape.id() != id) {
            shape = values.known().get(id);
            atHand[place] = shape;
        }
        return shape;
    }

    @Override
    public void next(int leaf) {
        next[leaf]++;
    }

    @Override
    public void skip(int leaf) {
        next[leaf]++;
    }

    @Override
    public int elements(int leaf, int repetition, int definition) {
        LeafColumn column = column(leaf);
        int at = next[leaf];
        if ((column.definitions()[at] & 0xFF) < definition) {
            return 0;
        }
        int count = 1;
        byte[] repetitions = column.repetitions();
        for (int i = at + 1; i < repetitions.length && (repetitions[i] & 0xFF) >= repetition; i++) {
            count += (repetitions[i] & 0xFF) == repetition ? 1 : 0;
        }
        return count;
    }
}

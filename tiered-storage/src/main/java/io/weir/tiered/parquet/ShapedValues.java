package io.weir.tiered.parquet;

import io.weir.tiered.shape.ColumnTree;
import io.weir.tiered.shape.Shape;
import io.weir.tiered.shape.ShapeSet;
import java.util.ArrayDeque;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The values of a row group that stand in typed columns. Immutable.
///
/// @param shapes by row; null where the value stands in `_raw` or there is none
/// @param leaves by index; null for a leaf that no shape of the file asks for
/// @param known every shape of the segment
@SuppressWarnings("ArrayRecordComponent") // a carrier within the package, never compared
record ShapedValues(@Nullable Shape[] shapes, @Nullable LeafColumn[] leaves, ShapeSet.Compiled known) {
    static final ShapedValues NONE =
            new ShapedValues(new Shape[0], new LeafColumn[0], ShapeSet.NONE.compile(new ColumnTree(List.of())));

    /// Shape of a row, or null.
    @Nullable
    Shape shape(int row) {
        return shapes.length == 0 ? null : shapes[row];
    }

    /// Ids of the shapes that any row or any element of a list has.
    Set<Long> ids() {
        Set<Long> ids = new HashSet<>();
        Deque<Shape> open = new ArrayDeque<>();
        for (Shape shape : shapes) {
            if (shape != null && ids.add(shape.id())) {
                open.add(shape);
            }
        }
        BitSet done = new BitSet();
        while (!open.isEmpty()) {
            BitSet holders = new BitSet();
            open.remove().addShapeLeavesTo(holders);
            holders.andNot(done);
            done.or(holders);
            holders.stream().forEach(leaf -> elementShapes(leaves[leaf], ids, open));
        }
        return ids;
    }

    private void elementShapes(@Nullable LeafColumn column, Set<Long> ids, Deque<Shape> found) {
        if (column == null) {
            return;
        }
        int[] rowStarts = column.rowStarts();
        for (int entry = 0; entry < rowStarts[rowStarts.length - 1]; entry++) {
            if (column.isPresent(entry) && ids.add(column.numbers()[entry])) {
                found.add(known.get(column.numbers()[entry]));
            }
        }
    }

    long sizeBytes() {
        long size = 4L * shapes.length;
        for (LeafColumn leaf : leaves) {
            size += leaf == null ? 0 : leaf.sizeBytes();
        }
        return size;
    }
}

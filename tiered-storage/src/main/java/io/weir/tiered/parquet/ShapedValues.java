package io.weir.tiered.parquet;

import io.weir.tiered.shape.Shape;
import org.jspecify.annotations.Nullable;

/// The values of a row group that stand in typed columns. Immutable.
///
/// @param shapes by row; null where the value stands in `_raw` or there is none
/// @param leaves by index; null for a leaf that no shape of the file asks for
@SuppressWarnings("ArrayRecordComponent") // a carrier within the package, never compared
record ShapedValues(@Nullable Shape[] shapes, @Nullable LeafColumn[] leaves) {
    static final ShapedValues NONE = new ShapedValues(new Shape[0], new LeafColumn[0]);

    /// Shape of a row, or null.
    @Nullable
    Shape shape(int row) {
        return shapes.length == 0 ? null : shapes[row];
    }

    long sizeBytes() {
        long size = 4L * shapes.length;
        for (LeafColumn leaf : leaves) {
            size += leaf == null ? 0 : leaf.sizeBytes();
        }
        return size;
    }
}

package io.weir.tiered.parquet;

import io.weir.tiered.shape.ColumnTree;
import io.weir.tiered.shape.ShapeSet;
import org.apache.parquet.schema.MessageType;

/// The columns of one file, and the segment's shapes compiled for them. Immutable.
record FileShapes(MessageType schema, ColumnTree tree, ShapeSet.Compiled shapes) {
    static FileShapes of(MessageType schema, ShapeSet shapes) {
        ColumnTree tree = new ColumnTree(TypedSchema.columns(schema));
        return new FileShapes(schema, tree, shapes.compile(tree));
    }
}

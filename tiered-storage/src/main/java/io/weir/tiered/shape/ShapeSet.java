package io.weir.tiered.shape;

import io.weir.tiered.segment.CorruptSegmentException;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/// The shapes that a sidecar lists, for reading. Immutable, safe for use by any thread.
public final class ShapeSet {
    /// Of a segment whose values all stay as they are.
    public static final ShapeSet NONE = new ShapeSet("", Map.of());

    private final String name;
    private final Map<Long, byte[]> forms;

    private ShapeSet(String name, Map<Long, byte[]> forms) {
        this.name = name;
        this.forms = forms;
    }

    /// @param name how an error names the section
    /// @throws CorruptSegmentException the section cannot be read
    public static ShapeSet read(byte[] section, String name) {
        return new ShapeSet(name, ShapeDictionary.read(section, name));
    }

    public boolean isEmpty() {
        return forms.isEmpty();
    }

    /// Compiles the shapes for a file's columns.
    ///
    /// @throws CorruptSegmentException a shape does not fit them
    public Compiled compile(ColumnTree tree) {
        Map<Long, Shape> shapes = new HashMap<>();
        forms.forEach((id, form) -> shapes.put(id, ShapeCompiler.compile(id, form, tree)));
        return new Compiled(name, Map.copyOf(shapes));
    }

    public long sizeBytes() {
        return forms.values().stream().mapToLong(form -> form.length + 64L).sum();
    }

    /// Shapes for the columns of one file.
    public static final class Compiled {
        private final String name;
        private final Map<Long, Shape> shapes;
        private final BitSet used = new BitSet();

        private Compiled(String name, Map<Long, Shape> shapes) {
            this.name = name;
            this.shapes = shapes;
            shapes.values().forEach(shape -> used.or(shape.leaves()));
        }

        /// Whether a shape reads this leaf.
        public boolean uses(int leaf) {
            return used.get(leaf);
        }

        /// @throws CorruptSegmentException there is none with this id
        public Shape get(long id) {
            Shape shape = shapes.get(id);
            if (shape == null) {
                throw new CorruptSegmentException(name + ": shape " + Long.toHexString(id) + " is missing.");
            }
            return shape;
        }
    }
}

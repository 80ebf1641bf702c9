package io.weir.tiered.shape;

import io.weir.tiered.segment.CorruptSegmentException;
import java.nio.BufferUnderflowException;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

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

    /// The shapes for a file's columns.
    public Compiled compile(ColumnTree tree) {
        return new Compiled(name, forms, tree);
    }

    /// What can be told of the objects that have these shapes, by the id of the shape; shapes of which nothing can be
    /// told are left out.
    ///
    /// @throws CorruptSegmentException a shape cannot be read
    public Map<Long, ShapeOutline> outlines() {
        Map<Long, ShapeOutline> outlines = new HashMap<>();
        forms.forEach((id, form) -> {
            try {
                ShapeOutline.of(form).ifPresent(outline -> outlines.put(id, outline));
            } catch (BufferUnderflowException | NegativeArraySizeException e) {
                throw new CorruptSegmentException(name + ": shape " + Long.toHexString(id) + " is cut off.", e);
            }
        });
        return outlines;
    }

    public long sizeBytes() {
        return forms.values().stream().mapToLong(form -> form.length + 64L).sum();
    }

    /// Shapes for the columns of one file, compiled when a row needs them. Safe for use by any thread.
    public static final class Compiled {
        private final String name;
        private final Map<Long, byte[]> forms;
        private final ColumnTree tree;
        private final Map<Long, Shape> shapes = new ConcurrentHashMap<>();

        private Compiled(String name, Map<Long, byte[]> forms, ColumnTree tree) {
            this.name = name;
            this.forms = forms;
            this.tree = tree;
        }

        /// @throws CorruptSegmentException there is none with this id, or it does not fit the columns
        public Shape get(long id) {
            return shapes.computeIfAbsent(id, this::compile);
        }

        private Shape compile(long id) {
            byte[] form = forms.get(id);
            if (form == null) {
                throw new CorruptSegmentException(name + ": shape " + Long.toHexString(id) + " is missing.");
            }
            return ShapeCompiler.compile(id, form, tree);
        }
    }
}

package io.weir.tiered.shape;

import io.weir.tiered.segment.CorruptSegmentException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The shapes of one file, by their stored form and by id. One thread.
final class ShapeDictionary {
    /// Forms of one file altogether: they stay in memory while the file is written and whenever it is read.
    private static final long MOST_BYTES = 16L * 1024 * 1024;

    private final ColumnTree tree;
    private final int most;
    private final Map<Form, Shape> byForm = new HashMap<>();
    private final Map<Long, Shape> byId = new LinkedHashMap<>();
    private final Form probe = new Form();
    private long bytes;

    /// A form as a key; one instance serves every look-up.
    private static final class Form {
        byte[] bytes = new byte[0];
        int size;
        int hash;

        Form of(byte[] newBytes, int newSize) {
            bytes = newBytes;
            size = newSize;
            int sum = 1;
            for (int i = 0; i < size; i++) {
                sum = 31 * sum + bytes[i];
            }
            hash = sum;
            return this;
        }

        @Override
        public int hashCode() {
            return hash;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Form form && Arrays.equals(bytes, 0, size, form.bytes, 0, form.size);
        }
    }

    ShapeDictionary(ColumnTree tree, int most) {
        this.tree = tree;
        this.most = most;
    }

    /// The shape with this form, compiled when it is new; null when there is no room for it.
    @Nullable
    Shape of(ShapeForm form) {
        Shape known = byForm.get(probe.of(form.bytes(), form.size()));
        if (known != null) {
            return known;
        }
        if (byForm.size() >= most || bytes + form.size() > MOST_BYTES) {
            return null;
        }
        byte[] kept = Arrays.copyOf(form.bytes(), form.size());
        long id = Shape.idOf(kept);
        if (byId.containsKey(id)) {
            return null; // two forms with one hash: the second one's values stay as they are
        }
        Shape shape = ShapeCompiler.compile(id, kept, tree);
        byForm.put(new Form().of(kept, kept.length), shape);
        byId.put(id, shape);
        bytes += kept.length;
        return shape;
    }

    Collection<Shape> shapes() {
        return byId.values();
    }

    /// The SHAPES section: per shape `id i64 | length i32 | bytes`.
    static byte[] write(Collection<Shape> shapes) {
        int size = shapes.stream()
                .mapToInt(shape -> Long.BYTES + Integer.BYTES + shape.form().length)
                .sum();
        ByteBuffer section = ByteBuffer.allocate(size);
        for (Shape shape : shapes) {
            section.putLong(shape.id()).putInt(shape.form().length).put(shape.form());
        }
        return section.array();
    }

    /// @param name how an error names the section
    static Map<Long, byte[]> read(byte[] section, String name) {
        Map<Long, byte[]> forms = new HashMap<>();
        ByteBuffer in = ByteBuffer.wrap(section);
        try {
            while (in.hasRemaining()) {
                long id = in.getLong();
                int length = in.getInt();
                if (length < 0 || length > in.remaining()) {
                    throw new CorruptSegmentException(name + ": a shape of " + length + " bytes cannot be.");
                }
                byte[] form = new byte[length];
                in.get(form);
                forms.put(id, form);
            }
        } catch (BufferUnderflowException e) {
            throw new CorruptSegmentException(name + ": ends in the middle of a shape.", e);
        }
        return forms;
    }
}

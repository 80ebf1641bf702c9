package io.weir.streams.dsl;

import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// The type of a key or a row: the simple name of its class and a hash of its components, `Click#9f2c01aa`.
/// Two types with equal components in equal order are equal in shape; a plan compares shapes to see what
/// changed.
public final class RowType {
    private static final Set<Class<?>> SCALARS =
            Set.of(String.class, Integer.class, Long.class, Boolean.class, java.util.UUID.class, byte[].class);

    private final String name;
    private final String shape;
    private final @Nullable Class<?> javaClass;
    private final List<RowType> parts;

    private RowType(String name, String shape, @Nullable Class<?> javaClass, List<RowType> parts) {
        this.name = name;
        this.shape = shape;
        this.javaClass = javaClass;
        this.parts = parts;
    }

    /// A record of which Weir writes and reads the components by name, or one of the plain types: string,
    /// integer, long, boolean, UUID, bytes.
    static RowType of(Class<?> type, String operator) {
        if (type.isRecord()) {
            String shape = Fingerprint.of(describe(type, new TreeSet<>()));
            return new RowType(type.getSimpleName(), shape.substring(0, 8), type, List.of());
        }
        if (SCALARS.contains(type)) {
            return new RowType(type.getSimpleName(), "", type, List.of());
        }
        throw new PlanRefused(
                operator,
                "row-type",
                "a key or row must be a record, String, Integer, Long, Boolean, UUID or byte[], got " + type.getName()
                        + ".");
    }

    /// A key of two parts.
    static RowType pair(RowType first, RowType second) {
        String shape = Fingerprint.of(first + "," + second).substring(0, 8);
        return new RowType("Pair<" + first.name + "," + second.name + ">", shape, Pair.class, List.of(first, second));
    }

    static RowType parse(String text) {
        int hash = text.indexOf('#');
        return hash < 0
                ? new RowType(text, "", null, List.of())
                : new RowType(text.substring(0, hash), text.substring(hash + 1), null, List.of());
    }

    /// The simple name of the class.
    public String name() {
        return name;
    }

    /// The class itself.
    ///
    /// @throws PlanRefused in a plan that was read from JSON
    public Class<?> javaClass() {
        return Opaque.present(javaClass, toString());
    }

    /// Whether the class is a record that is no more than its components: making one never fails, and each gives what
    /// was put in.
    ///
    /// @throws PlanRefused in a plan that was read from JSON
    public boolean isPlainRecord() {
        return PlainRecord.is(javaClass());
    }

    /// The types that a generic class is made of: two for a [Pair], else none.
    public List<RowType> parts() {
        return parts;
    }

    private static String describe(Class<?> type, Set<String> open) {
        if (!type.isRecord() || !open.add(type.getName())) {
            return type.getName();
        }
        StringBuilder text = new StringBuilder("(");
        for (RecordComponent component : type.getRecordComponents()) {
            String generic = component.getType().isRecord()
                    ? describe(component.getType(), open)
                    : component.getGenericType().getTypeName();
            text.append(component.getName()).append(':').append(generic).append(',');
        }
        open.remove(type.getName());
        return text.append(')').toString();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof RowType that && that.name.equals(name) && that.shape.equals(shape);
    }

    @Override
    public int hashCode() {
        return 31 * name.hashCode() + shape.hashCode();
    }

    @Override
    public String toString() {
        return shape.isEmpty() ? name : name + "#" + shape;
    }
}

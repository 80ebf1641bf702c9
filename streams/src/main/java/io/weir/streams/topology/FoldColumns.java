package io.weir.streams.topology;

import io.weir.streams.dsl.Field;
import io.weir.streams.dsl.Stage;
import io.weir.streams.replay.FoldQuery;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;

/// The components of a source's rows as columns of a query. Every component counts: a row of which one cannot be bound
/// is a dead letter. One thread.
final class FoldColumns {
    private static final Map<Class<?>, FoldQuery.Type> TYPES = Map.ofEntries(
            Map.entry(boolean.class, FoldQuery.Type.BOOLEAN),
            Map.entry(Boolean.class, FoldQuery.Type.BOOLEAN),
            Map.entry(int.class, FoldQuery.Type.INT),
            Map.entry(Integer.class, FoldQuery.Type.INT),
            Map.entry(long.class, FoldQuery.Type.LONG),
            Map.entry(Long.class, FoldQuery.Type.LONG),
            Map.entry(double.class, FoldQuery.Type.DOUBLE),
            Map.entry(Double.class, FoldQuery.Type.DOUBLE),
            Map.entry(BigDecimal.class, FoldQuery.Type.DECIMAL),
            Map.entry(String.class, FoldQuery.Type.TEXT),
            Map.entry(Instant.class, FoldQuery.Type.INSTANT),
            Map.entry(UUID.class, FoldQuery.Type.UUID));

    private final RecordComponent[] components;
    private final Set<String> used = new HashSet<>();

    FoldColumns(Stage.Source source) {
        FoldRules.plain(source.name(), source.type());
        components = source.type().javaClass().getRecordComponents();
        for (RecordComponent component : components) {
            if (!TYPES.containsKey(component.getType())) {
                throw new FoldRefused(
                        source.name(),
                        "column '" + component.getName() + "' has the type "
                                + component.getType().getSimpleName() + ", of which no column is known to be equal");
            }
        }
    }

    /// The column of a component, which the query then has.
    FoldQuery.Member of(String stage, Field field) {
        for (int i = 0; i < components.length; i++) {
            if (components[i].getName().equals(field.name())) {
                used.add(field.name());
                return member(i);
            }
        }
        throw new FoldRefused(stage, "'" + field.name() + "' is no column of the source");
    }

    /// Every component.
    List<FoldQuery.Member> members() {
        List<FoldQuery.Member> members = new ArrayList<>();
        for (int i = 0; i < components.length; i++) {
            members.add(member(i));
        }
        return members;
    }

    /// A primitive that is null and an integer that is too large make a dead letter, so the query looks.
    private FoldQuery.Member member(int i) {
        RecordComponent component = components[i];
        FoldQuery.Type type = Objects.requireNonNull(TYPES.get(component.getType()));
        boolean queried =
                used.contains(component.getName()) || component.getType().isPrimitive() || type == FoldQuery.Type.INT;
        return new FoldQuery.Member("m" + i, component.getName(), type, queried);
    }

    /// Whether a row without it is a dead letter.
    static boolean isRequired(Stage.Source source, int component) {
        return source.type()
                .javaClass()
                .getRecordComponents()[component]
                .getType()
                .isPrimitive();
    }
}

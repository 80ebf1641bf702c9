package io.weir.streams.dsl;

import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// `set` and `only`: rows made of components that the plan can name.
final class Selections {
    private Selections() {}

    /// The row with one component exchanged.
    static Node set(Flow flow, Node node, Column<?, ?> column, Expr value) {
        String path = node.path() + ".set";
        String target = component(node, column, path);
        List<Stage.Assigned> columns = new ArrayList<>();
        for (RecordComponent component : node.row.javaClass().getRecordComponents()) {
            String name = component.getName();
            columns.add(new Stage.Assigned(name, name.equals(target) ? value : field(node.row, component)));
        }
        return Operators.select(flow, node, "set", node.row, List.copyOf(columns));
    }

    /// The row with all other components null.
    static Node only(Flow flow, Node node, List<? extends Column<?, ?>> kept) {
        String path = node.path() + ".only";
        Set<String> names = new HashSet<>();
        for (Column<?, ?> column : kept) {
            names.add(component(node, column, path));
        }
        List<Stage.Assigned> columns = new ArrayList<>();
        for (RecordComponent component : node.row.javaClass().getRecordComponents()) {
            boolean keeps = names.contains(component.getName());
            if (!keeps && component.getType().isPrimitive()) {
                throw new PlanRefused(
                        path,
                        "field-type",
                        "component '" + component.getName() + "' is a primitive and cannot be null. Keep it, or use"
                                + " only(Smaller.class).");
            }
            columns.add(new Stage.Assigned(component.getName(), keeps ? field(node.row, component) : null));
        }
        return Operators.select(flow, node, "only", node.row, List.copyOf(columns));
    }

    /// A smaller record of the same components.
    static Node only(Flow flow, Node node, Class<?> type) {
        String path = node.path() + ".only";
        RowType row = RowType.of(type, path);
        if (!type.isRecord() || !node.row.javaClass().isRecord()) {
            throw new PlanRefused(path, "row-type", "records are needed, got " + node.row + " and " + row + ".");
        }
        Map<String, RecordComponent> known = new HashMap<>();
        for (RecordComponent component : node.row.javaClass().getRecordComponents()) {
            known.put(component.getName(), component);
        }
        List<Stage.Assigned> columns = new ArrayList<>();
        for (RecordComponent wanted : type.getRecordComponents()) {
            RecordComponent from = known.get(wanted.getName());
            if (from == null) {
                throw new PlanRefused(
                        path,
                        "unknown-field",
                        node.row.name() + " has no component '" + wanted.getName() + "'."
                                + Names.hint(known.keySet(), wanted.getName()));
            }
            if (!from.getGenericType().equals(wanted.getGenericType())) {
                throw new PlanRefused(
                        path,
                        "field-type",
                        "component '" + wanted.getName() + "' must have type "
                                + from.getGenericType().getTypeName() + ", got "
                                + wanted.getGenericType().getTypeName() + ".");
            }
            columns.add(new Stage.Assigned(wanted.getName(), field(node.row, from)));
        }
        return Operators.select(flow, node, "only", row, List.copyOf(columns));
    }

    private static String component(Node node, Column<?, ?> column, String path) {
        if (Lambda.of(column).expr(node.row) instanceof Field field) {
            return field.name();
        }
        throw new PlanRefused(
                path,
                "not-a-column",
                "a reference to a component is needed here, such as " + node.row.name() + "::name.");
    }

    private static Field field(RowType row, RecordComponent component) {
        return new Field(component.getName(), Components.reader(row.javaClass(), component));
    }
}

package io.weir.tiered.shape;

import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.ColumnType.Struct;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A topic's columns as a tree with levels and leaves: what shapes are made against and compiled for. Immutable,
/// safe for use by any thread.
public final class ColumnTree {
    private final List<Leaf> leaves = new ArrayList<>();
    private final Map<Integer, Node> byFieldId = new HashMap<>();
    private final Node value;
    private final Node object;
    private int nodes;

    /// A column in its place.
    static final class Node {
        final int number;
        final Column column;
        final @Nullable Node parent;

        /// Level at which the column itself is there.
        final int definition;

        /// Level of the innermost list around it.
        final int repetition;

        final int firstLeaf;
        int endLeaf;
        final Map<String, List<Node>> fields = new HashMap<>();

        @Nullable
        Node element;

        /// Of an element: the field that holds its shape.
        @Nullable
        Node shapes;

        private Node(int number, Column column, @Nullable Node parent, int definition, int repetition, int firstLeaf) {
            this.number = number;
            this.column = column;
            this.parent = parent;
            this.definition = definition;
            this.repetition = repetition;
            this.firstLeaf = firstLeaf;
        }

        boolean isLeaf() {
            return !(column.type() instanceof Struct) && !(column.type() instanceof ListOf);
        }

        /// Candidates for a key: more than one when its values had conflicting types.
        List<Node> of(String key) {
            return fields.getOrDefault(key, List.of());
        }
    }

    public ColumnTree(List<Column> columns) {
        Column none = new Column(0, "", "", new Struct(List.of()));
        object = new Node(nodes++, none, null, 0, 0, 0);
        value = new Node(nodes++, none, null, 0, 0, 0);
        for (Column column : columns) {
            Node node = add(column, null, 0, 0);
            (column.isWholeValue() ? value : object)
                    .fields
                    .computeIfAbsent(column.source(), key -> new ArrayList<>())
                    .add(node);
        }
    }

    private Node add(Column column, @Nullable Node parent, int outer, int repetition) {
        Node node = new Node(nodes++, column, parent, outer + 1, repetition, leaves.size());
        byFieldId.put(column.fieldId(), node);
        switch (column.type()) {
            case Struct struct -> {
                for (Column field : struct.fields()) {
                    Node child = add(field, node, node.definition, repetition);
                    if (field.isElementShape()) {
                        node.shapes = child;
                    } else {
                        node.fields
                                .computeIfAbsent(field.source(), key -> new ArrayList<>())
                                .add(child);
                    }
                }
            }
            // a list has one more level between itself and its element: that there is an element at all
            case ListOf list -> node.element = add(list.element(), node, node.definition + 1, repetition + 1);
            case Scalar scalar -> leaf(node);
            case Decimal decimal -> leaf(node);
        }
        node.endLeaf = leaves.size();
        return node;
    }

    private void leaf(Node node) {
        leaves.add(
                new Leaf(leaves.size(), node.column.fieldId(), node.column.type(), node.repetition, node.definition));
    }

    /// All leaves, by index.
    public List<Leaf> leaves() {
        return List.copyOf(leaves);
    }

    int leafCount() {
        return leaves.size();
    }

    Leaf leaf(int index) {
        return leaves.get(index);
    }

    /// Whether a key has a column of JSON text.
    boolean hasJsonText() {
        return leaves.stream().anyMatch(leaf -> leaf.type().equals(ColumnType.JSON));
    }

    /// Nodes are numbered from 0.
    int nodeCount() {
        return nodes;
    }

    /// What holds the columns of a value that is an object.
    Node object() {
        return object;
    }

    /// Columns for a value that is no object.
    List<Node> wholeValue() {
        return value.of(Column.VALUE);
    }

    @Nullable
    Node node(int fieldId) {
        return byFieldId.get(fieldId);
    }
}

package io.weir.tiered.shape;

import io.weir.tiered.segment.CorruptSegmentException;
import io.weir.tiered.shape.ColumnTree.Node;
import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.Step.ListStep;
import io.weir.tiered.shape.Step.Nulls;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Compiles the stored form of a shape ([ShapeForm]) for a tree of columns. Used once.
public final class ShapeCompiler {
    private static final int MOST_NESTING = 256;
    private static final byte[] NO_TEXT = {};

    private final ColumnTree tree;
    private final byte[] form;
    private int at;
    private int nesting;
    private boolean loose;
    /// Whether the shape is of an element.
    private boolean isElement;

    /// What one row, or one element of a list, holds.
    private static final class Scope {
        final List<Step> steps = new ArrayList<>();
        final Set<Node> present = new HashSet<>();
        final boolean[] filled;
        byte[] literal = NO_TEXT;

        Scope(int leaves) {
            filled = new boolean[leaves];
        }
    }

    private ShapeCompiler(ColumnTree tree, byte[] form) {
        this.tree = tree;
        this.form = form;
    }

    /// @throws CorruptSegmentException the bytes are no shape, or none for these columns
    public static Shape compile(long id, byte[] form, ColumnTree tree) {
        return new ShapeCompiler(tree, form).compile(id);
    }

    private Shape compile(long id) {
        if (form.length == 0 || form[0] < ShapeForm.VERSION_1 || form[0] > ShapeForm.ELEMENT) {
            throw bad("versions 1 to 3 can be read; a newer Weir has written it");
        }
        at = 1;
        Scope scope = new Scope(tree.leafCount());
        isElement = form[0] == ShapeForm.ELEMENT;
        Node list = isElement ? node(varint()) : null;
        if (list != null) {
            scope.filled[shapesOf(list).firstLeaf] = true;
        }
        steps(scope);
        if (at != form.length) {
            throw bad("bytes follow its end");
        }
        Nulls nulls = list == null
                ? nulls(scope, 0, tree.leafCount(), 0)
                : nulls(scope, list.firstLeaf, list.endLeaf, list.definition + 1);
        return new Shape(id, form, scope.steps.toArray(Step[]::new), nulls, loose);
    }

    private CorruptSegmentException bad(String what) {
        return new CorruptSegmentException(
                "Shape " + Long.toHexString(Shape.idOf(form)) + ": " + what + " (at " + at + ").");
    }

    private void steps(Scope scope) {
        if (++nesting > MOST_NESTING) {
            throw bad("nested too deeply");
        }
        int op;
        do {
            append(scope, text());
            op = next();
            switch (op) {
                case Step.END -> add(scope, Step.END, -1, 0, 1, 0, 0, null, null);
                case Step.PRESENT -> scope.present.add(node(varint()));
                case Step.LIST, Step.BLOCK -> list(scope, op);
                case Step.VARIED -> varied(scope);
                default -> hole(scope, op);
            }
        } while (op != Step.END);
        nesting--;
    }

    private static void append(Scope scope, byte[] text) {
        if (text.length > 0) {
            byte[] joined = Arrays.copyOf(scope.literal, scope.literal.length + text.length);
            System.arraycopy(text, 0, joined, scope.literal.length, text.length);
            scope.literal = joined;
        }
    }

    private static void add(
            Scope scope,
            int op,
            int leaf,
            int style,
            long factor,
            int repetition,
            int definition,
            @Nullable ListStep list,
            byte @Nullable [][] symbols) {
        scope.steps.add(new Step(scope.literal, op, leaf, style, factor, repetition, definition, list, symbols));
        scope.literal = NO_TEXT;
    }

    private void hole(Scope scope, int op) {
        Node node = node(varint());
        int style = ShapeForm.hasStyle(op) ? next() : 0;
        if (!node.isLeaf() || !fits(op, style, node.column.type())) {
            throw bad("step " + op + " with style " + style + " does not fit the column '" + node.column.name() + "'");
        }
        Leaf leaf = tree.leaf(node.firstLeaf);
        if (scope.filled[leaf.index()]) {
            throw bad("column '" + node.column.name() + "' is filled twice");
        }
        scope.filled[leaf.index()] = true;
        loose |= op == Step.JSON && tree.object().of(node.column.source()).size() > 1;
        long factor = factor(op, style, node.column.type());
        byte[][] symbols = op == Step.SYMBOL ? symbols() : null;
        add(scope, op, leaf.index(), style, factor, leaf.repetition(), leaf.definition(), null, symbols);
    }

    private long factor(int op, int style, ColumnType type) {
        if (op == Step.DECIMAL && type instanceof Decimal decimal) {
            return TextOut.power(decimal.scale() - style);
        }
        if (op == Step.VARINT && (style & BinaryHole.MILLIS) != 0) {
            return 1000;
        }
        return op == Step.FIXED ? varint() : 1;
    }

    private byte[][] symbols() {
        int count = varint();
        if (count < 0 || count > form.length - at) {
            throw bad(count + " symbols cannot be");
        }
        byte[][] symbols = new byte[count][];
        for (int i = 0; i < count; i++) {
            symbols[i] = text();
        }
        return symbols;
    }

    private static boolean fits(int op, int style, ColumnType type) {
        return switch (op) {
            case Step.LONG -> type == Scalar.LONG;
            case Step.DECIMAL -> type instanceof Decimal decimal && style <= decimal.scale();
            case Step.DOUBLE -> type == Scalar.DOUBLE && DoubleStyle.isKnown(style);
            case Step.BOOLEAN -> type == Scalar.BOOLEAN;
            case Step.STRING -> type == Scalar.STRING && style < EscapeStyle.count();
            case Step.TEXT -> type == Scalar.STRING;
            // a file says of a column no more than that it is text
            case Step.JSON -> type == Scalar.JSON || type == Scalar.STRING;
            case Step.UUID -> type == Scalar.UUID;
            case Step.INSTANT -> type == Scalar.TIMESTAMP && style < InstantStyle.count();
            case Step.VARINT -> type == Scalar.LONG || type == Scalar.TIMESTAMP;
            case Step.FLOAT64, Step.FLOAT32 -> type == Scalar.DOUBLE;
            case Step.FLAG -> type == Scalar.BOOLEAN;
            case Step.PREFIXED -> type == Scalar.STRING || type == Scalar.BINARY;
            case Step.FIXED -> type == Scalar.BINARY;
            case Step.SYMBOL -> type == Scalar.STRING;
            default -> false;
        };
    }

    /// What holds the shapes of a list's elements.
    private Node shapesOf(Node list) {
        Node shapes = node(varint());
        if (list.element == null || shapes.parent != list.element || shapes.column.type() != Scalar.LONG) {
            throw bad("column '" + shapes.column.name() + "' cannot hold shapes of '" + list.column.name() + "'");
        }
        return shapes;
    }

    private void fill(Scope outer, Node list) {
        for (int leaf = list.firstLeaf; leaf < list.endLeaf; leaf++) {
            if (outer.filled[leaf]) {
                throw bad("list '" + list.column.name() + "' is filled twice");
            }
            outer.filled[leaf] = true;
        }
    }

    private void varied(Scope outer) {
        Node node = node(varint());
        Node shapes = shapesOf(node);
        fill(outer, node);
        int[] all = range(node.firstLeaf, node.endLeaf);
        int[] others =
                Arrays.stream(all).filter(leaf -> leaf != shapes.firstLeaf).toArray();
        Nulls none = new Nulls(new int[0], new int[0]);
        ListStep step = new ListStep(text(), text(), text(), new Step[0], all, others, none, all);
        add(outer, Step.VARIED, shapes.firstLeaf, 0, 1, shapes.repetition, node.definition + 1, step, null);
    }

    private void list(Scope outer, int op) {
        Node node = node(varint());
        Node element = node.element;
        if (element == null || node.firstLeaf == node.endLeaf) {
            throw bad("column '" + node.column.name() + "' is no list");
        }
        boolean texts = op == Step.LIST;
        byte[] open = texts ? text() : NO_TEXT;
        byte[] separator = texts ? text() : NO_TEXT;
        byte[] close = texts ? text() : NO_TEXT;
        Scope scope = new Scope(tree.leafCount());
        steps(scope);
        fill(outer, node);
        int[] all = range(node.firstLeaf, node.endLeaf);
        int[] taken = taken(scope);
        int[] passed = taken.length == 0 ? new int[] {node.firstLeaf} : new int[0];
        Nulls nulls = nulls(scope, node.firstLeaf, node.endLeaf, node.definition + 1);
        if (isElement) {
            // what this element's shape leaves out, the next element's may read
            passed = nulls.leaves();
            taken = all;
        } else if (taken.length == 0) {
            taken = passed;
        }
        ListStep step =
                new ListStep(open, separator, close, scope.steps.toArray(Step[]::new), taken, passed, nulls, all);
        add(outer, op, taken[0], 0, 1, element.repetition, node.definition + 1, step, null);
    }

    /// Leaves that the steps of an element pass, inner lists included.
    private static int[] taken(Scope scope) {
        List<Integer> taken = new ArrayList<>();
        for (Step step : scope.steps) {
            ListStep inner = step.list();
            if (inner != null) {
                Arrays.stream(inner.taken()).forEach(taken::add);
            } else if (step.op() != Step.END) {
                taken.add(step.leaf());
            }
        }
        return taken.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] range(int from, int to) {
        int[] range = new int[to - from];
        for (int i = 0; i < range.length; i++) {
            range[i] = from + i;
        }
        return range;
    }

    /// @param base level when no ancestor within the scope is there
    private Nulls nulls(Scope scope, int from, int to, int base) {
        int[] leaves = new int[to - from];
        int[] definitions = new int[to - from];
        int count = 0;
        for (int leaf = from; leaf < to; leaf++) {
            if (!scope.filled[leaf]) {
                leaves[count] = leaf;
                definitions[count++] = definition(scope, leaf, base);
            }
        }
        return new Nulls(Arrays.copyOf(leaves, count), Arrays.copyOf(definitions, count));
    }

    private int definition(Scope scope, int leaf, int base) {
        for (Node node = node(tree.leaf(leaf).fieldId()); node != null; node = node.parent) {
            if (scope.present.contains(node)) {
                return node.definition;
            }
        }
        return base;
    }

    private Node node(int fieldId) {
        Node node = tree.node(fieldId);
        if (node == null) {
            throw bad("the file has no column with field id " + fieldId);
        }
        return node;
    }

    private int next() {
        if (at >= form.length) {
            throw bad("ends too early");
        }
        return form[at++] & 0xFF;
    }

    private int varint() {
        int value = 0;
        for (int shift = 0; shift < 32; shift += 7) {
            int read = next();
            value |= (read & 0x7F) << shift;
            if (read < 0x80) {
                return value;
            }
        }
        throw bad("a number is too long");
    }

    private byte[] text() {
        int length = varint();
        if (length < 0 || length > form.length - at) {
            throw bad("a text of " + length + " bytes cannot be");
        }
        at += length;
        return Arrays.copyOfRange(form, at - length, at);
    }
}

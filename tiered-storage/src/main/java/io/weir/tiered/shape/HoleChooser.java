package io.weir.tiered.shape;

import io.weir.tiered.shape.ColumnTree.Node;
import io.weir.tiered.shape.ColumnType.Decimal;
import io.weir.tiered.shape.ColumnType.ListOf;
import io.weir.tiered.shape.ColumnType.Scalar;
import io.weir.tiered.shape.ColumnType.Struct;
import java.util.Arrays;

/// Finds the hole that gives one scalar back exactly, for a given column. Remembers what fitted last: a style that
/// fits many texts must not change from record to record, or shapes multiply. One thread.
final class HoleChooser {
    private static final int UNKNOWN = -1;

    private final LeafBuffer leaves = new LeafBuffer();
    private final Matcher matcher = new Matcher(leaves, new RecentElements(0));
    private final TextOut shown = new TextOut();
    private final int[] lastStyle;
    private int lastEscapes;
    private int op;
    private int style;

    HoleChooser(ColumnTree tree) {
        lastStyle = new int[tree.leafCount()];
        Arrays.fill(lastStyle, UNKNOWN);
    }

    /// Operation of the hole found last.
    int op() {
        return op;
    }

    int style() {
        return style;
    }

    /// Looks for a hole for the scalar `text[at, end)`, which is not `null`.
    boolean find(Node node, byte[] text, int at, int end) {
        return switch (node.column.type()) {
            case Scalar scalar ->
                switch (scalar) {
                    case LONG -> fits(Step.LONG, 0, node, text, at, end);
                    case BOOLEAN -> fits(Step.BOOLEAN, 0, node, text, at, end);
                    case UUID -> fits(Step.UUID, 0, node, text, at, end);
                    case DOUBLE -> floatingPoint(node, text, at, end);
                    case TIMESTAMP -> instant(node, text, at, end);
                    case STRING -> string(node, text, at, end);
                    case BINARY, JSON -> false;
                };
            case Decimal decimal -> {
                int scale = fractionDigits(text, at, end);
                yield scale <= decimal.scale() && fits(Step.DECIMAL, scale, node, text, at, end);
            }
            case Struct struct -> false;
            case ListOf list -> false;
        };
    }

    /// The hole for a `null`, whose column then mostly has values written as before.
    void forNull(Node node) {
        int last = lastStyle[node.firstLeaf];
        switch (node.column.type()) {
            case Scalar scalar -> {
                switch (scalar) {
                    case LONG -> set(Step.LONG, 0);
                    case BOOLEAN -> set(Step.BOOLEAN, 0);
                    case UUID -> set(Step.UUID, 0);
                    case DOUBLE -> set(Step.DOUBLE, Math.max(0, last));
                    case TIMESTAMP -> set(Step.INSTANT, last < 0 ? InstantStyle.USUAL : last);
                    case STRING, BINARY -> set(Step.STRING, lastEscapes);
                    case JSON -> set(Step.JSON, 0);
                }
            }
            case Decimal decimal -> set(Step.DECIMAL, last < 0 ? decimal.scale() : last);
            case Struct struct -> throw new IllegalArgumentException("A struct is no scalar.");
            case ListOf list -> throw new IllegalArgumentException("A list is no scalar.");
        }
    }

    private void set(int newOp, int newStyle) {
        op = newOp;
        style = newStyle;
    }

    static int fractionDigits(byte[] text, int at, int end) {
        for (int i = at; i < end; i++) {
            if (text[i] == '.') {
                return end - i - 1;
            }
        }
        return 0;
    }

    private boolean floatingPoint(Node node, byte[] text, int at, int end) {
        byte first = text[at];
        if (first != '-' && (first < '0' || first > '9')) {
            return false;
        }
        int last = lastStyle[node.firstLeaf];
        if (last >= 0 && fits(Step.DOUBLE, last, node, text, at, end)) {
            return true;
        }
        for (int candidate = 0; candidate < DoubleStyle.count(); candidate++) {
            if (candidate != last && fits(Step.DOUBLE, candidate, node, text, at, end)) {
                return true;
            }
        }
        int digits = fractionDigits(text, at, end);
        return digits <= DoubleStyle.MOST_FIXED_DIGITS
                && fits(Step.DOUBLE, DoubleStyle.FIXED + digits, node, text, at, end);
    }

    private boolean instant(Node node, byte[] text, int at, int end) {
        for (int i = 0; i < InstantStyle.count(); i++) {
            if (end - at == InstantStyle.of(i).length + 2 && fits(Step.INSTANT, i, node, text, at, end)) {
                return true;
            }
        }
        return false;
    }

    private boolean string(Node node, byte[] text, int at, int end) {
        if (text[at] != '"') {
            return false;
        }
        int last = lastEscapes;
        if (fits(Step.STRING, last, node, text, at, end)) {
            return true;
        }
        for (int i = 0; i < EscapeStyle.count(); i++) {
            if (i != last && fits(Step.STRING, i, node, text, at, end)) {
                lastEscapes = i;
                return true;
            }
        }
        return false;
    }

    /// Whether the hole found last gives this text back, too. `null` always is.
    boolean fitsAgain(Node node, byte[] text, int at, int end) {
        return fits(op, style, node, text, at, end);
    }

    private boolean fits(int tryOp, int tryStyle, Node node, byte[] text, int at, int end) {
        long factor = tryOp == Step.DECIMAL && node.column.type() instanceof Decimal decimal
                ? TextOut.power(decimal.scale() - tryStyle)
                : 1;
        Step hole = new Step(new byte[0], tryOp, node.firstLeaf, tryStyle, factor, 0, 1, null);
        Step[] steps = {hole};
        if (matcher.match(steps, text, at, end) != end) {
            return false;
        }
        leaves.rewind();
        shown.reset();
        Renderer.render(steps, leaves, shown);
        if (!shown.equalTo(text, at, end)) {
            return false;
        }
        set(tryOp, tryStyle);
        lastStyle[node.firstLeaf] = tryStyle;
        return true;
    }
}

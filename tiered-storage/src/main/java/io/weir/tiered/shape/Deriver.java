package io.weir.tiered.shape;

import io.weir.tiered.shape.ColumnTree.Node;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Makes the shape of a value that no recent shape fits. Gives up (the value stays as it is) on whatever it does not
/// understand; what it does make is proven like everything else. One thread.
final class Deriver {
    private static final int NONE = JsonScan.NONE;
    private static final int MOST_TEMPLATES = 8;

    private final ColumnTree tree;
    private final int depth;
    private final HoleChooser holes;
    private final ElementShapes elements;
    private final ShapeForm form = new ShapeForm();
    private final boolean textAllowed;
    private byte[] text = new byte[0];
    private int limit;
    /// White space behind the colon read last.
    private int gapStart;
    private int gapEnd;
    /// Per column the object that had a value for it last: a key that comes twice shows.
    private final int[] seen;
    private int objects;
    private boolean loose;

    /// @param depth most levels of nesting
    /// @param elements learns the shapes of elements that have one each
    Deriver(ColumnTree tree, int depth, HoleChooser holes, ElementShapes elements) {
        this.tree = tree;
        this.depth = depth;
        this.holes = holes;
        this.elements = elements;
        this.seen = new int[tree.nodeCount()];
        this.textAllowed = tree.object().fields.isEmpty();
    }

    /// @param textFirst keep objects and arrays as JSON text wherever there is a column for that
    /// @return the shape, valid until the next call; null when there is none
    @Nullable
    ShapeForm derive(byte[] value, int start, int end, boolean textFirst) {
        loose = textFirst;
        text = value;
        limit = end;
        gapStart = 0;
        gapEnd = 0;
        form.begin(value, start);
        return json(start) || (textAllowed && wholeText(start)) ? form : null;
    }

    /// @param list whose element `value[start, end)` is
    /// @return the element's shape, valid until the next call; null when there is none
    @Nullable
    ShapeForm element(Node list, byte[] value, int start, int end) {
        Node element = list.element;
        if (element == null || element.shapes == null) {
            return null;
        }
        text = value;
        limit = end;
        form.beginElement(list.column.fieldId(), element.shapes.column.fieldId(), value, start);
        if (value(List.of(element), start, depth) != end) {
            return null;
        }
        form.literalTo(end);
        form.end();
        return form;
    }

    private boolean json(int start) {
        int at = JsonScan.space(text, start, limit);
        if (at == limit) {
            return false;
        }
        int end = text[at] == '{' ? object(tree.object(), at, depth - 1) : value(tree.wholeValue(), at, depth);
        if (end < 0 || JsonScan.space(text, end, limit) != limit) {
            return false;
        }
        form.literalTo(limit);
        form.end();
        return true;
    }

    private boolean wholeText(int start) {
        form.begin(text, start);
        for (Node node : tree.wholeValue()) {
            if (node.column.type().equals(ColumnType.STRING)) {
                form.hole(Step.TEXT, node.column.fieldId(), 0, limit);
                form.end();
                return true;
            }
        }
        return false;
    }

    private int value(List<Node> candidates, int at, int nesting) {
        if (at >= limit || nesting < 0) {
            return NONE;
        }
        return switch (text[at]) {
            case '{' -> objectOf(candidates, at, nesting - 1);
            case '[' -> arrayOf(candidates, at, nesting - 1);
            case 'n' -> nothing(candidates, at);
            case '"' -> scalar(candidates, at, JsonScan.string(text, at, limit));
            case 't', 'f' -> scalar(candidates, at, JsonScan.word(text, at, limit));
            default -> scalar(candidates, at, JsonScan.number(text, at, limit));
        };
    }

    private int scalar(List<Node> candidates, int at, int end) {
        if (end < 0) {
            return NONE;
        }
        for (Node node : candidates) {
            if (node.isLeaf() && holes.find(node, text, at, end)) {
                form.literalTo(at);
                form.hole(holes.op(), node.column.fieldId(), holes.style(), end);
                return end;
            }
        }
        return NONE;
    }

    /// Without a column for it, or with one that has fields, `null` is part of the text.
    private int nothing(List<Node> candidates, int at) {
        int end = JsonScan.word(text, at, limit);
        for (Node node : candidates) {
            if (end >= 0 && node.isLeaf() && !node.column.type().equals(ColumnType.BINARY)) {
                holes.forNull(node);
                form.literalTo(at);
                form.hole(holes.op(), node.column.fieldId(), holes.style(), end);
                return end;
            }
        }
        return end;
    }

    private int objectOf(List<Node> candidates, int at, int nesting) {
        for (Node node : candidates) {
            if (node.column.type() instanceof ColumnType.Struct) {
                form.literalTo(at);
                form.present(node.column.fieldId());
                return object(node, at, nesting);
            }
        }
        int next = JsonScan.space(text, at + 1, limit);
        return next < limit && text[next] == '}' ? next + 1 : NONE;
    }

    private int object(Node node, int start, int nesting) {
        if (nesting < 0) {
            return NONE;
        }
        objects++;
        int self = objects;
        int at = JsonScan.space(text, start + 1, limit);
        if (at < limit && text[at] == '}') {
            return at + 1;
        }
        while (at < limit && text[at] == '"') {
            int keyEnd = JsonScan.string(text, at, limit);
            int colon = keyEnd < 0 ? limit : JsonScan.space(text, keyEnd, limit);
            if (colon >= limit || text[colon] != ':') {
                return NONE;
            }
            String key = JsonKey.read(text, at + 1, keyEnd - 1);
            if (key == null) {
                return NONE;
            }
            gapStart = colon + 1;
            gapEnd = JsonScan.space(text, gapStart, limit);
            List<Node> candidates = node.of(key);
            if (!candidates.isEmpty()) {
                int number = candidates.getFirst().number;
                if (seen[number] == self) {
                    return NONE;
                }
                seen[number] = self;
            }
            int end = member(node, candidates, gapEnd, nesting);
            at = end < 0 ? limit : JsonScan.space(text, end, limit);
            if (at < limit && text[at] == '}') {
                return at + 1;
            }
            if (at >= limit || text[at] != ',') {
                return NONE;
            }
            at = JsonScan.space(text, at + 1, limit);
        }
        return NONE;
    }

    private int member(Node object, List<Node> candidates, int at, int nesting) {
        if (object != tree.object()) {
            return value(candidates, at, nesting);
        }
        ShapeForm.Mark mark = form.mark();
        boolean container = at < limit && (text[at] == '{' || text[at] == '[');
        int end = loose && container ? NONE : value(candidates, at, nesting);
        if (end < 0) {
            form.backTo(mark);
            end = jsonText(candidates, at);
        }
        // without a column of text the typed ones may do
        return end < 0 && loose && container ? value(candidates, at, nesting) : end;
    }

    private int jsonText(List<Node> candidates, int at) {
        for (Node node : candidates) {
            if (node.column.type().equals(ColumnType.JSON)) {
                int end = JsonText.end(text, at, limit);
                if (end >= 0) {
                    form.literalTo(at);
                    form.hole(Step.JSON, node.column.fieldId(), 0, end);
                }
                return end;
            }
        }
        return NONE;
    }

    private int arrayOf(List<Node> candidates, int at, int nesting) {
        int first = JsonScan.space(text, at + 1, limit);
        boolean empty = first < limit && text[first] == ']';
        for (Node node : candidates) {
            Node element = node.element;
            if (element != null) {
                if (empty) {
                    form.literalTo(at);
                    form.present(node.column.fieldId());
                    return first + 1;
                }
                int written = form.size();
                int end = array(node, element, at, first, nesting);
                // a second list column has elements of another type
                if (end >= 0 || form.size() != written) {
                    return end;
                }
            }
        }
        return empty ? first + 1 : NONE;
    }

    private int array(Node list, Node element, int at, int first, int nesting) {
        if (nesting < 0) {
            return NONE;
        }
        int[] bounds = new int[16];
        int count = 0;
        int separatorEnd = first;
        int separatorStart = first;
        int next = first;
        while (true) {
            int end = JsonScan.value(text, next, limit, nesting);
            if (end < 0) {
                return NONE;
            }
            if (2 * count + 2 > bounds.length) {
                bounds = Arrays.copyOf(bounds, bounds.length * 2);
            }
            bounds[2 * count] = next;
            bounds[2 * count + 1] = end;
            count++;
            int after = JsonScan.space(text, end, limit);
            if (after < limit && text[after] == ']') {
                byte[] separator = separator(count, at + 1, first, separatorStart, separatorEnd);
                return list(list, element, at, bounds, count, separator, end, after + 1, nesting);
            }
            if (after >= limit || text[after] != ',') {
                return NONE;
            }
            next = JsonScan.space(text, after + 1, limit);
            if (count == 1) {
                separatorStart = end;
                separatorEnd = next;
            }
        }
    }

    /// With one element only there is none to see: most likely it is a comma and the white space before the element.
    private byte[] separator(int count, int openEnd, int first, int start, int end) {
        if (count > 1) {
            return Arrays.copyOfRange(text, start, end);
        }
        boolean wide = first > openEnd;
        int from = wide ? openEnd : gapStart;
        int to = wide ? first : gapEnd;
        byte[] separator = new byte[to - from + 1];
        separator[0] = ',';
        System.arraycopy(text, from, separator, 1, to - from);
        return separator;
    }

    private int list(
            Node list,
            Node element,
            int at,
            int[] bounds,
            int count,
            byte[] separator,
            int closeStart,
            int closeEnd,
            int nesting) {
        if (element.shapes != null) {
            return varied(list, element.shapes, at, bounds, count, separator, closeStart, closeEnd);
        }
        int template = template(element, bounds, count);
        if (template < 0) {
            return NONE;
        }
        int from = bounds[2 * template];
        form.literalTo(at);
        form.list(list.column.fieldId(), at, bounds[0], separator, closeStart, closeEnd);
        form.resume(from);
        if (element.isLeaf() && text[from] != 'n') {
            // the template's hole was the last that was found
            form.hole(holes.op(), element.column.fieldId(), holes.style(), bounds[2 * template + 1]);
        } else {
            int end = value(List.of(element), from, nesting);
            if (end < 0) {
                return NONE;
            }
            form.literalTo(end);
        }
        form.end();
        form.resume(closeEnd);
        return closeEnd;
    }

    private int varied(
            Node list, Node shapes, int at, int[] bounds, int count, byte[] separator, int closeStart, int closeEnd) {
        for (int i = 0; i < count; i++) {
            int start = bounds[2 * i];
            boolean known =
                    text[start] == 'n' || elements.learn(list, shapes.firstLeaf, text, start, bounds[2 * i + 1]);
            if (!known) {
                return NONE;
            }
        }
        form.literalTo(at);
        form.varied(list.column.fieldId(), shapes.column.fieldId(), at, bounds[0], separator, closeStart, closeEnd);
        return closeEnd;
    }

    /// The element whose shape stands for all. Of scalars: one whose hole fits every other.
    private int template(Node element, int[] bounds, int count) {
        int tries = 0;
        int fallback = 0;
        for (int i = 0; i < count && tries < MOST_TEMPLATES; i++) {
            byte first = text[bounds[2 * i]];
            if (first == 'n') {
                continue;
            }
            if (!element.isLeaf()) {
                boolean empty = first == '[' && text[JsonScan.space(text, bounds[2 * i] + 1, limit)] == ']';
                if (!empty) {
                    return i;
                }
                fallback = i;
                continue;
            }
            tries++;
            if (!holes.find(element, text, bounds[2 * i], bounds[2 * i + 1])) {
                return NONE;
            }
            if (fitsAll(element, bounds, count)) {
                return i;
            }
        }
        return tries > 0 ? NONE : fallback;
    }

    private boolean fitsAll(Node element, int[] bounds, int count) {
        for (int i = 0; i < count; i++) {
            if (!holes.fitsAgain(element, text, bounds[2 * i], bounds[2 * i + 1])) {
                return false;
            }
        }
        return true;
    }
}

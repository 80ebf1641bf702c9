package io.weir.tiered.shape;

import io.weir.tiered.segment.Utf8;
import io.weir.tiered.shape.Step.ListStep;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Reads a value along a shape: literal text must be there byte for byte, holes are parsed into a [LeafBuffer]. It
/// accepts a little more than the shape gives back; the proof decides. One thread.
final class Matcher {
    private static final int NO_MATCH = -1;
    private static final int MOST_DIGITS = 18;

    private final LeafBuffer leaves;
    private final RecentElements elements;
    private final TextOut shown = new TextOut();
    private byte[] text = new byte[0];
    private int end;
    private boolean provesElements;

    /// @param elements the shapes that elements of lists may have
    Matcher(LeafBuffer leaves, RecentElements elements) {
        this.leaves = leaves;
        this.elements = elements;
    }

    /// Reads `value[start, limit)`.
    ///
    /// @return where the text that fits ends, or -1
    int match(Step[] steps, byte[] value, int start, int limit) {
        provesElements = false;
        return begin(steps, value, start, limit);
    }

    /// As `match`, but an element gets the first shape that gives it back, not the first that fits.
    int matchEach(Step[] steps, byte[] value, int start, int limit) {
        provesElements = true;
        return begin(steps, value, start, limit);
    }

    private int begin(Step[] steps, byte[] value, int start, int limit) {
        text = value;
        end = limit;
        leaves.begin(value);
        return match(steps, start);
    }

    private int match(Step[] steps, int start) {
        int at = start;
        for (Step step : steps) {
            byte[] literal = step.literal();
            int length = literal.length;
            if (end - at < length || !Arrays.equals(text, at, at + length, literal, 0, length)) {
                return NO_MATCH;
            }
            at += length;
            if (step.op() == Step.END) {
                return at;
            }
            at = switch (step.op()) {
                case Step.LIST, Step.VARIED -> list(step, step.list(), at);
                case Step.BLOCK -> block(step.list(), at);
                default -> hole(step, at);
            };
            if (at < 0) {
                return NO_MATCH;
            }
        }
        return at;
    }

    private int hole(Step step, int at) {
        if (step.op() == Step.TEXT) {
            return wholeText(at);
        }
        if (step.op() >= Step.BINARY) {
            return BinaryHole.match(step, text, at, end, leaves);
        }
        if (at >= end) {
            return NO_MATCH;
        }
        if (text[at] == 'n') {
            leaves.addNull();
            return is(at, 'n', 'u', 'l', 'l') ? at + 4 : NO_MATCH;
        }
        return switch (step.op()) {
            case Step.LONG -> wholeNumber(at);
            case Step.DECIMAL -> decimal(step, at);
            case Step.DOUBLE -> floatingPoint(at);
            case Step.BOOLEAN -> truth(at);
            case Step.STRING -> string(at);
            case Step.UUID -> uuid(at);
            case Step.INSTANT -> instant(step, at);
            case Step.JSON -> json(at);
            default -> NO_MATCH;
        };
    }

    private boolean is(int at, int a, int b, int c, int d) {
        return end - at >= 4 && text[at] == a && text[at + 1] == b && text[at + 2] == c && text[at + 3] == d;
    }

    private int wholeNumber(int start) {
        int at = start;
        boolean negative = text[at] == '-';
        if (negative) {
            at++;
        }
        int first = at;
        long value = 0;
        while (at < end) {
            int digit = text[at] - '0';
            if (digit < 0 || digit > 9) {
                break;
            }
            value = value * 10 + digit;
            at++;
        }
        if (at == first || at - first > MOST_DIGITS) {
            return NO_MATCH;
        }
        leaves.addNumber(negative ? -value : value);
        return at;
    }

    private int decimal(Step step, int start) {
        int at = start;
        boolean negative = text[at] == '-';
        if (negative) {
            at++;
        }
        int first = at;
        int point = -1;
        long value = 0;
        for (; at < end; at++) {
            int digit = text[at] - '0';
            if (digit >= 0 && digit <= 9) {
                value = value * 10 + digit;
            } else if (text[at] == '.' && point < 0) {
                point = at;
            } else {
                break;
            }
        }
        int scale = point < 0 ? 0 : at - point - 1;
        int digits = at - first - (point < 0 ? 0 : 1);
        long limit = TextOut.power(MOST_DIGITS) / step.factor();
        if (digits == 0 || digits > MOST_DIGITS || scale != step.style() || value >= limit) {
            return NO_MATCH;
        }
        leaves.addNumber((negative ? -value : value) * step.factor());
        return at;
    }

    private int floatingPoint(int start) {
        int at = DoubleText.end(text, start, end);
        double value = DoubleText.parse(text, start, at);
        if (Double.isNaN(value) || Double.isInfinite(value)) {
            return NO_MATCH;
        }
        leaves.addNumber(Double.doubleToRawLongBits(value));
        return at;
    }

    private int truth(int at) {
        if (is(at, 't', 'r', 'u', 'e')) {
            leaves.addNumber(1);
            return at + 4;
        }
        if (text[at] == 'f' && is(at + 1, 'a', 'l', 's', 'e')) {
            leaves.addNumber(0);
            return at + 5;
        }
        return NO_MATCH;
    }

    private int string(int start) {
        if (text[start] != '"') {
            return NO_MATCH;
        }
        int first = start + 1;
        int at = first;
        boolean ascii = true;
        boolean escapes = false;
        for (; at < end; at++) {
            byte c = text[at];
            if (c == '"') {
                break;
            }
            if (c < ' ') {
                if (c >= 0) {
                    return NO_MATCH;
                }
                ascii = false;
            } else if (c == '\\') {
                escapes = true;
                at++;
            }
        }
        if (at >= end || !(ascii || Utf8.isValid(text, first, at - first))) {
            return NO_MATCH;
        }
        if (!escapes) {
            leaves.addText(first, at - first);
            return at + 1;
        }
        int made = leaves.made.size();
        if (!StringText.unescape(text, first, at, leaves.made)) {
            return NO_MATCH;
        }
        leaves.addMade(made);
        return at + 1;
    }

    private int uuid(int start) {
        int last = start + 1 + UuidText.LENGTH;
        if (text[start] != '"' || last >= end || text[last] != '"') {
            return NO_MATCH;
        }
        int made = leaves.made.size();
        if (!UuidText.parse(text, start + 1, last, leaves.made.room(UuidText.BYTES), made)) {
            return NO_MATCH;
        }
        leaves.made.grow(UuidText.BYTES);
        leaves.addMade(made);
        return last + 1;
    }

    private int instant(Step step, int start) {
        InstantStyle style = InstantStyle.of(step.style());
        int last = start + 1 + style.length;
        if (text[start] != '"' || last >= end || text[last] != '"') {
            return NO_MATCH;
        }
        long micros = InstantText.parse(text, start + 1, last, style);
        if (micros == InstantText.NONE) {
            return NO_MATCH;
        }
        leaves.addNumber(micros);
        return last + 1;
    }

    private int json(int start) {
        int at = JsonText.end(text, start, end);
        if (at < 0) {
            return NO_MATCH;
        }
        leaves.addText(start, at - start);
        return at;
    }

    private int wholeText(int at) {
        if (!Utf8.isValid(text, at, end - at) || isStringOrObject(at)) {
            return NO_MATCH;
        }
        leaves.addText(at, end - at);
        return end;
    }

    /// A JSON string means what is between its quotes, and an object has columns of its own: as a text either would
    /// read as something else, depending on what stood before it in the file.
    private boolean isStringOrObject(int start) {
        int at = JsonScan.space(text, start, end);
        return at < end
                && (text[at] == '"' || text[at] == '{')
                && JsonScan.isValue(text, start, end, ShapeLimits.DEFAULT.depth());
    }

    private int list(Step step, @Nullable ListStep list, int start) {
        if (list == null) {
            throw new IllegalStateException("A LIST has its elements.");
        }
        int opened = leaves.openList();
        int at = literal(list.open(), start);
        if (at < 0) {
            return NO_MATCH;
        }
        int empty = literal(list.close(), at);
        if (empty >= 0) {
            leaves.closeList(opened, 0);
            return empty;
        }
        int count = 0;
        while (true) {
            at = step.op() == Step.VARIED ? element(step.leaf(), at) : match(list.element(), at);
            if (at < 0) {
                return NO_MATCH;
            }
            count++;
            int next = literal(list.separator(), at);
            if (next < 0) {
                leaves.closeList(opened, count);
                return literal(list.close(), at);
            }
            at = next;
        }
    }

    /// One element, by the shapes that its list's elements had last.
    private int element(int shapeLeaf, int start) {
        if (start < end && text[start] == 'n') {
            leaves.addNull();
            return is(start, 'n', 'u', 'l', 'l') ? start + 4 : NO_MATCH;
        }
        int entry = leaves.size();
        int made = leaves.made.size();
        @Nullable Shape[] candidates = elements.of(shapeLeaf);
        for (int i = 0; i < candidates.length; i++) {
            Shape candidate = candidates[i];
            if (candidate == null) {
                return NO_MATCH;
            }
            leaves.addShape(candidate);
            int at = match(candidate.steps(), start);
            if (at >= 0 && (!provesElements || isGivenBack(candidate, entry + 1, start, at))) {
                elements.use(shapeLeaf, candidate, i);
                return at;
            }
            leaves.backTo(entry, made);
        }
        return NO_MATCH;
    }

    private boolean isGivenBack(Shape shape, int entry, int from, int to) {
        leaves.rewindTo(entry);
        shown.reset();
        shape.render(leaves, shown);
        return shown.equalTo(text, from, to);
    }

    /// One block with all elements, then the empty block that ends the list. Other ways to cut blocks stay raw.
    private int block(@Nullable ListStep list, int start) {
        if (list == null) {
            throw new IllegalStateException("A BLOCK has its elements.");
        }
        int count = leaves.openList();
        long elements = BinaryHole.varint(text, start, end);
        int at = BinaryHole.varintEnd(text, start, end);
        if (at < 0 || elements < 0 || elements > end - at) {
            return NO_MATCH;
        }
        for (long i = 0; i < elements; i++) {
            at = match(list.element(), at);
            if (at < 0) {
                return NO_MATCH;
            }
        }
        leaves.closeList(count, (int) elements);
        if (elements == 0) {
            return at;
        }
        return at < end && text[at] == 0 ? at + 1 : NO_MATCH;
    }

    private int literal(byte[] literal, int at) {
        int length = literal.length;
        return end - at >= length && Arrays.equals(text, at, at + length, literal, 0, length) ? at + length : NO_MATCH;
    }
}

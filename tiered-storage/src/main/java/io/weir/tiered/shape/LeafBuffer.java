package io.weir.tiered.shape;

import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The leaves of the value under hand, in the order of its text. Small and reused: filled by the match, read by the
/// proof, handed on when it holds. One thread.
final class LeafBuffer implements LeafSource {
    private static final int NULL = -1;

    /// Numbers, as bits; element counts of lists.
    private long[] numbers = new long[64];
    private int[] starts = new int[64];
    private int[] lengths = new int[64];
    /// Of elements that have shapes of their own.
    private @Nullable Shape[] shapes = new Shape[64];
    private int size;
    private int cursor;
    private byte[] text = new byte[0];
    /// Strings with escapes resolved, and UUIDs; their starts are stored as `-1 - start`.
    final TextOut made = new TextOut();

    void begin(byte[] value) {
        text = value;
        size = 0;
        made.reset();
    }

    void rewind() {
        cursor = 0;
    }

    /// Reading goes on at this entry.
    void rewindTo(int entry) {
        cursor = entry;
    }

    /// Entries so far.
    int size() {
        return size;
    }

    /// Forgets entries.
    ///
    /// @param entries that stay
    /// @param madeBytes of `made` that stay
    void backTo(int entries, int madeBytes) {
        size = entries;
        made.shrinkTo(madeBytes);
    }

    private int grow() {
        if (size == numbers.length) {
            numbers = Arrays.copyOf(numbers, size * 2);
            starts = Arrays.copyOf(starts, size * 2);
            lengths = Arrays.copyOf(lengths, size * 2);
            shapes = Arrays.copyOf(shapes, size * 2);
        }
        return size++;
    }

    void addNull() {
        lengths[grow()] = NULL;
    }

    void addNumber(long bits) {
        int at = grow();
        numbers[at] = bits;
        lengths[at] = 0;
    }

    /// An element begins that has this shape.
    void addShape(Shape shape) {
        int at = grow();
        shapes[at] = shape;
        lengths[at] = 0;
    }

    /// Bytes of the value's text.
    void addText(int start, int length) {
        int at = grow();
        starts[at] = start;
        lengths[at] = length;
    }

    /// What was appended to `made` from `start` on.
    void addMade(int start) {
        int at = grow();
        starts[at] = -1 - start;
        lengths[at] = made.size() - start;
    }

    /// Reserves the count of a list.
    int openList() {
        return grow();
    }

    void closeList(int opened, int elements) {
        numbers[opened] = elements;
    }

    @Override
    public boolean isPresent(int leaf) {
        return lengths[cursor] != NULL;
    }

    @Override
    public long wholeNumber(int leaf) {
        return numbers[cursor];
    }

    @Override
    public double floatingPoint(int leaf) {
        return Double.longBitsToDouble(numbers[cursor]);
    }

    @Override
    public boolean truth(int leaf) {
        return numbers[cursor] != 0;
    }

    @Override
    public byte[] bytes(int leaf) {
        return starts[cursor] < 0 ? made.bytes() : text;
    }

    @Override
    public int start(int leaf) {
        int start = starts[cursor];
        return start < 0 ? -1 - start : start;
    }

    @Override
    public int length(int leaf) {
        return lengths[cursor];
    }

    @Override
    public Shape shape(int leaf) {
        return Objects.requireNonNull(shapes[cursor]);
    }

    @Override
    public void next(int leaf) {
        cursor++;
    }

    @Override
    public int elements(int leaf, int repetition, int definition) {
        return (int) numbers[cursor++];
    }

    @Override
    public void skip(int leaf) {
        // nothing is buffered for an empty list
    }
}

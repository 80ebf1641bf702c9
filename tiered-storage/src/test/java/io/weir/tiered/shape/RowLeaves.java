package io.weir.tiered.shape;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// The leaves of one row as columns would keep them: per leaf its entries with their levels, nothing else.
final class RowLeaves implements LeafSink, LeafSource {
    final List<List<Entry>> entries = new ArrayList<>();
    private final int[] cursor;
    private ShapeSet.Compiled shapes = ShapeSet.NONE.compile(new ColumnTree(List.of()));

    record Entry(int repetition, int definition, Object value) {}

    RowLeaves(ColumnTree tree) {
        tree.leaves().forEach(leaf -> entries.add(new ArrayList<>()));
        cursor = new int[entries.size()];
    }

    /// Where the shapes of elements are found from now on.
    void readWith(ShapeSet.Compiled known) {
        shapes = known;
    }

    @Override
    public Shape shape(int leaf) {
        return shapes.get(wholeNumber(leaf));
    }

    @Override
    public void nothing(int leaf, int repetition, int definition) {
        entries.get(leaf).add(new Entry(repetition, definition, null));
    }

    @Override
    public void wholeNumber(int leaf, int repetition, int definition, long value) {
        entries.get(leaf).add(new Entry(repetition, definition, value));
    }

    @Override
    public void floatingPoint(int leaf, int repetition, int definition, double value) {
        entries.get(leaf).add(new Entry(repetition, definition, value));
    }

    @Override
    public void truth(int leaf, int repetition, int definition, boolean value) {
        entries.get(leaf).add(new Entry(repetition, definition, value));
    }

    @Override
    public void bytes(int leaf, int repetition, int definition, byte[] source, int start, int length) {
        byte[] copy = Arrays.copyOfRange(source, start, start + length);
        entries.get(leaf).add(new Entry(repetition, definition, copy));
    }

    private Entry at(int leaf) {
        return entries.get(leaf).get(cursor[leaf]);
    }

    @Override
    public boolean isPresent(int leaf) {
        return at(leaf).value() != null;
    }

    @Override
    public long wholeNumber(int leaf) {
        return (long) at(leaf).value();
    }

    @Override
    public double floatingPoint(int leaf) {
        return (double) at(leaf).value();
    }

    @Override
    public boolean truth(int leaf) {
        return (boolean) at(leaf).value();
    }

    @Override
    public byte[] bytes(int leaf) {
        return (byte[]) at(leaf).value();
    }

    @Override
    public int start(int leaf) {
        return 0;
    }

    @Override
    public int length(int leaf) {
        return bytes(leaf).length;
    }

    @Override
    public void next(int leaf) {
        cursor[leaf]++;
    }

    @Override
    public void skip(int leaf) {
        cursor[leaf]++;
    }

    @Override
    public int elements(int leaf, int repetition, int definition) {
        List<Entry> all = entries.get(leaf);
        int at = cursor[leaf];
        if (all.get(at).definition() < definition) {
            return 0;
        }
        int count = 1;
        for (int i = at + 1; i < all.size() && all.get(i).repetition() >= repetition; i++) {
            count += all.get(i).repetition() == repetition ? 1 : 0;
        }
        return count;
    }
}

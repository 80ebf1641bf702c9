package io.weir.tiered.shape;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The shapes that elements of lists had last, latest first: what the next element most likely has. One thread.
final class RecentElements {
    /// A list whose elements have more shapes than that in turn is slow to match, not wrong.
    static final int MOST = 32;

    private static final @Nullable Shape[] NONE = {};

    private final List<@Nullable Shape[]> byLeaf;

    /// @param leaves of the tree of columns
    RecentElements(int leaves) {
        byLeaf = new ArrayList<>(Collections.nCopies(leaves, NONE));
    }

    /// Of one list; null behind the last.
    ///
    /// @param leaf that holds the elements' shapes
    @Nullable
    Shape[] of(int leaf) {
        return byLeaf.get(leaf);
    }

    /// Makes a shape the latest.
    ///
    /// @param from where it has stood
    void use(int leaf, Shape shape, int from) {
        @Nullable Shape[] known = byLeaf.get(leaf);
        if (known.length == 0) {
            known = new Shape[MOST];
            byLeaf.set(leaf, known);
        }
        if (from > 0) {
            System.arraycopy(known, 0, known, 1, from);
        }
        known[0] = shape;
    }

    /// Makes a new shape the latest.
    void add(int leaf, Shape shape) {
        use(leaf, shape, MOST - 1);
    }
}

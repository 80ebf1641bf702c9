package io.weir.tiered.shape;

import io.weir.tiered.shape.ColumnTree.Node;
import org.jspecify.annotations.Nullable;

/// Learns the shapes of elements, of lists whose elements have one each. One thread.
final class ElementShapes {
    private final ColumnTree tree;
    private final ShapeDictionary dictionary;
    private final HoleChooser holes;
    private final int depth;
    private final RecentElements recent;
    private final Proof proof;

    /// @param recent where shapes that have been learned stand
    /// @param holes of the values around the elements
    ElementShapes(ColumnTree tree, ShapeDictionary dictionary, RecentElements recent, HoleChooser holes, int depth) {
        this.tree = tree;
        this.dictionary = dictionary;
        this.recent = recent;
        this.holes = holes;
        this.depth = depth;
        this.proof = new Proof(new LeafBuffer(), recent);
    }

    /// Sees to it that a recent shape gives the element `text[start, end)` back.
    ///
    /// @param list that holds it
    /// @param shapeLeaf that holds the shapes of its elements
    /// @return false when no shape does
    boolean learn(Node list, int shapeLeaf, byte[] text, int start, int end) {
        @Nullable Shape[] known = recent.of(shapeLeaf);
        for (int i = 0; i < known.length; i++) {
            Shape candidate = known[i];
            if (candidate == null) {
                break;
            }
            if (proof.givesEach(candidate, text, start, end)) {
                recent.use(shapeLeaf, candidate, i);
                return true;
            }
        }
        ShapeForm form = new Deriver(tree, depth, holes, this).element(list, text, start, end);
        Shape made = form == null ? null : dictionary.of(form);
        if (made == null || !proof.givesEach(made, text, start, end)) {
            return false;
        }
        recent.add(shapeLeaf, made);
        return true;
    }
}

package io.weir.tiered.shape;

/// Takes a value apart along a shape and sees whether the leaves give it back byte for byte. One thread.
final class Proof {
    private final LeafBuffer leaves;
    private final Matcher matcher;
    private final TextOut rebuilt = new TextOut();

    /// @param leaves where the leaves of the value proven last are
    Proof(LeafBuffer leaves, RecentElements elements) {
        this.leaves = leaves;
        this.matcher = new Matcher(leaves, elements);
    }

    /// Whether the shape gives `value[start, end)` back.
    boolean gives(Shape shape, byte[] value, int start, int end) {
        return proven(shape, value, start, end, matcher.match(shape.steps(), value, start, end));
    }

    /// As `gives`, but an element's shape counts only when it gives the element back: of several that fit one text
    /// the first need not be the one. Slower.
    boolean givesEach(Shape shape, byte[] value, int start, int end) {
        return proven(shape, value, start, end, matcher.matchEach(shape.steps(), value, start, end));
    }

    private boolean proven(Shape shape, byte[] value, int start, int end, int matched) {
        if (matched != end) {
            return false;
        }
        leaves.rewind();
        rebuilt.reset();
        shape.render(leaves, rebuilt);
        return rebuilt.equalTo(value, start, end);
    }
}

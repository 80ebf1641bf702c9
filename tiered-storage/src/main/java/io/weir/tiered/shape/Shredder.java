package io.weir.tiered.shape;

import org.jspecify.annotations.Nullable;

/// Turns the values of one file into shapes and leaves, each with a proof: the value is written again from its
/// leaves and compared byte for byte. What does not come back stays as it is. The shapes that fitted last are tried
/// first; only when none fits is a shape made anew. No allocation for a value that a recent shape fits. One thread.
public final class Shredder {
    private static final int RECENT = 8;

    /// A value that only a loose shape fits is looked at anew this often: a strict one may have become possible.
    private static final int ANEW = 16;

    private final ColumnTree tree;
    private final ShapeDictionary dictionary;
    private final Proof proof;
    private final Emitter emitter;
    private final Deriver deriver;
    private final AvroDeriver avro;
    /// Latest first.
    private final @Nullable Shape[] recent = new Shape[RECENT];
    private @Nullable Shape found;
    private int looseFound;
    private final boolean jsonText;

    public Shredder(ColumnTree tree, ShapeLimits limits) {
        this(tree, limits, SchemaLookup.NONE);
    }

    /// @param schemas of values in a registry's wire format
    public Shredder(ColumnTree tree, ShapeLimits limits, SchemaLookup schemas) {
        this.tree = tree;
        this.dictionary = new ShapeDictionary(tree, limits.shapes());
        LeafBuffer leaves = new LeafBuffer();
        RecentElements elements = new RecentElements(tree.leafCount());
        HoleChooser holes = new HoleChooser(tree);
        this.proof = new Proof(leaves, elements);
        this.emitter = new Emitter(tree, leaves);
        this.deriver = new Deriver(
                tree, limits.depth(), holes, new ElementShapes(tree, dictionary, elements, holes, limits.depth()));
        this.jsonText = tree.hasJsonText();
        this.avro = new AvroDeriver(tree, limits.depth(), new AvroSchemas(schemas));
    }

    /// Takes a value apart.
    ///
    /// @return whether it did; then `shapeId` and `emit` speak of it until the next call
    public boolean shred(byte[] value, int start, int length) {
        int end = start + length;
        if (length == 0 || tree.leafCount() == 0) {
            return false;
        }
        if (recent(false, value, start, end)) {
            return true;
        }
        if (looseFound % ANEW != 0 && recent(true, value, start, end)) {
            looseFound++;
            return true;
        }
        Shape made = AvroSchemas.mayBe(value, start, length)
                ? proven(avro.derive(value, start, end), value, start, end)
                : proven(deriver.derive(value, start, end, false), value, start, end);
        if (made == null && jsonText) {
            made = proven(deriver.derive(value, start, end, true), value, start, end);
        }
        if (made == null) {
            return false;
        }
        looseFound += made.isLoose() ? 1 : 0;
        use(made, RECENT - 1);
        return true;
    }

    private @Nullable Shape proven(@Nullable ShapeForm form, byte[] value, int start, int end) {
        Shape made = form == null ? null : dictionary.of(form);
        return made != null && proof.givesEach(made, value, start, end) ? made : null;
    }

    private boolean recent(boolean loose, byte[] value, int start, int end) {
        for (int i = 0; i < RECENT; i++) {
            Shape candidate = recent[i];
            if (candidate == null) {
                return false;
            }
            if (candidate.isLoose() == loose && proof.gives(candidate, value, start, end)) {
                use(candidate, i);
                return true;
            }
        }
        return false;
    }

    private void use(Shape shape, int from) {
        found = shape;
        if (from > 0) {
            System.arraycopy(recent, 0, recent, 1, from);
            recent[0] = shape;
        }
    }

    /// Shape of the value taken apart last.
    public long shapeId() {
        return found().id();
    }

    private Shape found() {
        Shape shape = found;
        if (shape == null) {
            throw new IllegalStateException("No value has been taken apart.");
        }
        return shape;
    }

    /// Hands on the leaves of the value taken apart last.
    public void emit(LeafSink sink) {
        emitter.emit(found(), sink);
    }

    /// Hands on the leaves of a row whose value stays as it is: nulls.
    public void emitNothing(LeafSink sink) {
        emitter.nothing(sink);
    }

    /// How many shapes there are.
    public int shapes() {
        return dictionary.shapes().size();
    }

    /// The SHAPES section with every shape made.
    public byte[] section() {
        return ShapeDictionary.write(dictionary.shapes());
    }
}

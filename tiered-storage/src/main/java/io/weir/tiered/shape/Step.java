package io.weir.tiered.shape;

import org.jspecify.annotations.Nullable;

/// One step of a compiled shape: fixed text, then a hole.
///
/// @param literal text before the hole
/// @param leaf the hole's column; of a VARIED the one that holds its elements' shapes
/// @param style of a DOUBLE, STRING or INSTANT; digits behind the point of a DECIMAL; of a binary hole, how it may be
///     null
/// @param factor of a DECIMAL and VARINT: from the number in the text to the one in the column; size of a FIXED
/// @param repetition level of elements of a LIST, of the leaf otherwise
/// @param definition level at which the leaf has a value, or a LIST has an element
/// @param list only in a LIST, VARIED or BLOCK
/// @param symbols only in a SYMBOL
@SuppressWarnings("ArrayRecordComponent") // never compared
record Step(
        byte[] literal,
        int op,
        int leaf,
        int style,
        long factor,
        int repetition,
        int definition,
        @Nullable ListStep list,
        byte @Nullable [][] symbols) {
    Step(
            byte[] literal,
            int op,
            int leaf,
            int style,
            long factor,
            int repetition,
            int definition,
            @Nullable ListStep list) {
        this(literal, op, leaf, style, factor, repetition, definition, list, null);
    }

    static final int END = 0;
    static final int LONG = 1;
    static final int DECIMAL = 2;
    static final int DOUBLE = 3;
    static final int BOOLEAN = 4;
    static final int STRING = 5;
    static final int UUID = 6;
    static final int INSTANT = 7;
    static final int LIST = 8;
    /// The rest of the value, as it is, in a STRING.
    static final int TEXT = 9;
    /// Only in the stored form: a struct or an empty list is there. Takes no text.
    static final int PRESENT = 10;

    /// A JSON value as it is.
    static final int JSON = 11;

    /// A LIST each of whose elements has a shape of its own.
    static final int VARIED = 12;

    /// Holes from here on are binary, as Avro writes them: see [BinaryHole].
    static final int BINARY = 16;

    static final int VARINT = 16;
    static final int FLOAT64 = 17;
    static final int FLOAT32 = 18;
    static final int FLAG = 19;
    static final int PREFIXED = 20;
    static final int FIXED = 21;
    static final int SYMBOL = 22;
    /// A LIST in one counted block.
    static final int BLOCK = 23;

    /// What a LIST has beyond a hole.
    ///
    /// @param open text before the first element; with `close` it is the text of an empty list
    /// @param element steps of every element; none in a VARIED
    /// @param taken leaves that have an entry even when the list is empty and that reading must pass then
    /// @param passed leaves to pass for each element beside those that its steps pass; in a VARIED, for each null
    /// @param nulls leaves inside of the list that the steps do not fill
    /// @param allLeaves every leaf inside of the list
    record ListStep(
            byte[] open,
            byte[] separator,
            byte[] close,
            Step[] element,
            int[] taken,
            int[] passed,
            Nulls nulls,
            int[] allLeaves) {}

    /// Leaves that get a null, with the level that says how far their ancestors are there.
    record Nulls(int[] leaves, int[] definitions) {}
}

package io.weir.tiered.shape;

/// Gives the leaves of one row back. Each leaf has a cursor that stands before its next entry of the row; leaves
/// are asked in the order of the value's text.
public interface LeafSource {
    /// Whether the next entry of the leaf holds a value.
    boolean isPresent(int leaf);

    long wholeNumber(int leaf);

    double floatingPoint(int leaf);

    boolean truth(int leaf);

    /// The array where the next entry's bytes are, at `start` with `length`.
    byte[] bytes(int leaf);

    int start(int leaf);

    int length(int leaf);

    /// Shape of the element whose id the next entry of the leaf holds.
    Shape shape(int leaf);

    /// Moves behind the entry.
    void next(int leaf);

    /// How many elements the list has that begins with the next entry of the leaf.
    ///
    /// @param leaf any leaf inside of the list
    /// @param repetition level of the list's elements
    /// @param definition level at which there is an element
    int elements(int leaf, int repetition, int definition);

    /// Moves behind an entry that only says that there is nothing, as in an empty list.
    void skip(int leaf);
}

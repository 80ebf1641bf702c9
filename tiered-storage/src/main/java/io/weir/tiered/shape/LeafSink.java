package io.weir.tiered.shape;

/// Takes the leaves of one value after the other, with the levels that nested columns need (Dremel's): the
/// repetition level says at which list a new element begins (0 = a new row), the definition level how many optional
/// ancestors are there. Every leaf of a row gets at least one entry.
public interface LeafSink {
    void nothing(int leaf, int repetition, int definition);

    /// A LONG, a TIMESTAMP in microseconds or a decimal's unscaled value.
    void wholeNumber(int leaf, int repetition, int definition, long value);

    void floatingPoint(int leaf, int repetition, int definition, double value);

    void truth(int leaf, int repetition, int definition, boolean value);

    /// A STRING in UTF-8, a BINARY or the 16 bytes of a UUID. The array is not kept.
    void bytes(int leaf, int repetition, int definition, byte[] source, int start, int length);
}

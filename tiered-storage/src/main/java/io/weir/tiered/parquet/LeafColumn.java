package io.weir.tiered.parquet;

/// One column of a row group in memory, entry by entry. Immutable once decoded.
///
/// @param present definition level of an entry that has a value
/// @param definitions per entry, as unsigned bytes; empty for a column without nulls
/// @param repetitions per entry; empty outside of lists, where an entry is a row
/// @param rowStarts first entry of each row, and the count of entries; empty outside of lists
/// @param numbers whole numbers, the bits of floating-point ones, 0 or 1; empty when there are bytes
/// @param bytes texts and ids; one row of it is one entry
@SuppressWarnings("ArrayRecordComponent") // a carrier within the package, never compared
record LeafColumn(
        int present, byte[] definitions, byte[] repetitions, int[] rowStarts, long[] numbers, ByteColumn bytes) {

    boolean isPresent(int entry) {
        return definitions.length == 0 || (definitions[entry] & 0xFF) == present;
    }

    long sizeBytes() {
        return definitions.length
                + repetitions.length
                + 4L * rowStarts.length
                + 8L * numbers.length
                + bytes.sizeBytes();
    }
}

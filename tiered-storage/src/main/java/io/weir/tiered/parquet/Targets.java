package io.weir.tiered.parquet;

import org.jspecify.annotations.Nullable;

/// Where the values of a page belong: entries of the column.
///
/// @param entries of each value; null when the values follow each other from `first` on
@SuppressWarnings("ArrayRecordComponent") // a carrier within the package, never compared
record Targets(int first, int @Nullable [] entries) {
    int of(int value) {
        return entries == null ? first + value : entries[value];
    }
}

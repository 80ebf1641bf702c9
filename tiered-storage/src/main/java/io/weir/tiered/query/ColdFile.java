package io.weir.tiered.query;

import java.nio.file.Path;
import java.util.Optional;

/// One Parquet file of the archive, immutable.
///
/// @param location absolute: where it is read. Of a file that is fetched from a store, its place in the file cache
/// @param object the object to fetch, as its store names it; empty when the file is read where it lies
/// @param length in bytes
/// @param sha256 of the whole file, in lower-case hex; empty when not known
/// @param firstOffset of its first row
/// @param lastOffset of its last row, `firstOffset <= lastOffset`
/// @param times that its rows' timestamps lie within
public record ColdFile(
        Path location,
        Optional<String> object,
        long length,
        String sha256,
        long firstOffset,
        long lastOffset,
        long rows,
        Times times) {
    /// In milliseconds, both ends count. May reach further than the rows.
    public record Times(long least, long greatest) {
        /// Nothing is known.
        public static final Times ANY = new Times(Long.MIN_VALUE, Long.MAX_VALUE);
    }
}

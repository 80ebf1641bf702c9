package io.weir.tiered.query;

import java.nio.file.Path;

/// One Parquet file of the archive, immutable.
///
/// @param location absolute, readable by the node
/// @param length in bytes
/// @param sha256 of the whole file, in lower-case hex; empty when not known
/// @param firstOffset of its first row
/// @param lastOffset of its last row, `firstOffset <= lastOffset`
public record ColdFile(Path location, long length, String sha256, long firstOffset, long lastOffset, long rows) {}

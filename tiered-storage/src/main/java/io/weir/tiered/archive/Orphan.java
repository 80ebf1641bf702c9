package io.weir.tiered.archive;

import java.time.Instant;

/// An object that nothing points to.
///
/// @param path below the archive's root
/// @param modified when it was written, by the store's clock
/// @param reason why nothing points to it
/// @param firstSeen by a pass of this janitor
public record Orphan(String path, long lengthBytes, Instant modified, String reason, Instant firstSeen) {}

package io.weir.tiered.store;

import java.time.Instant;

/// An object as a listing shows it.
///
/// @param name last part of its path; begins with a dot while an upload into a store that renames is under way
/// @param modified when it was written, by the store's clock
public record StoredObject(String name, long lengthBytes, Instant modified) {}

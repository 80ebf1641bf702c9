package io.weir.streams.dsl;

/// A key of two parts, in a topic `{"first":...,"second":...}`.
///
/// @param first never null
/// @param second never null
public record Pair<A, B>(A first, B second) {}

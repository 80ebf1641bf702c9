package io.weir.log.planted.two;

import io.weir.log.planted.one.One;

/// The other half of a cycle.
public record Two(One one) {}

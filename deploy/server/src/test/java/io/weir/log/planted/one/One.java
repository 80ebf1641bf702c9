package io.weir.log.planted.one;

import io.weir.log.planted.two.Two;

/// Half of a cycle.
public record One(Two two) {}

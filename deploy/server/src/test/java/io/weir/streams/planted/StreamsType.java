package io.weir.streams.planted;

/// What planted classes of other modules reach for.
public record StreamsType(String name) {}

package io.weir.streams.job;

/// A run that comes to an end: its input stops somewhere, and then every window that is still open is closed.
///
/// @param deadLetters the topic for rows that it cannot process
public record RunEnd(String deadLetters) {}

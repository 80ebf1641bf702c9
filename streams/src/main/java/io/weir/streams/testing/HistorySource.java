package io.weir.streams.testing;

import java.net.URI;
import java.util.List;

/// Reads topics' history for [History]. Found by `java.util.ServiceLoader`; `http` and `https`, a running node, is
/// built in.
public interface HistorySource {
    /// Whether it reads from such a place.
    boolean reads(URI place);

    /// All committed records of the topic with `fromMillis <= timestamp < toMillis`, each partition in the order of its
    /// offsets.
    ///
    /// @throws java.io.UncheckedIOException the place does not answer
    /// @throws IllegalArgumentException there is no such topic there
    List<HistoryRecord> read(URI place, String topic, long fromMillis, long toMillis);
}

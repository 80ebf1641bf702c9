package io.weir.streams.testing;

import java.net.URI;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// Reads topics' history for [History]. Found by `java.util.ServiceLoader`; `http` and `https`, a running node, is
/// built in.
public interface HistorySource {
    /// What reads from a place.
    ///
    /// @throws IllegalArgumentException nothing does
    static HistorySource of(URI place) {
        Stream<HistorySource> found =
                StreamSupport.stream(ServiceLoader.load(HistorySource.class).spliterator(), false);
        return Stream.concat(Stream.of(new NodeHistory()), found)
                .filter(source -> source.reads(place))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("History: nothing reads '" + place
                        + "'. A node is http://host:port; for the folder of an archive (file:) add the dependency"
                        + " weir-testing to the tests."));
    }

    /// Whether it reads from such a place.
    boolean reads(URI place);

    /// All committed records of the topic with `fromMillis <= timestamp < toMillis`, each partition in the order of its
    /// offsets.
    ///
    /// @throws java.io.UncheckedIOException the place does not answer
    /// @throws IllegalArgumentException there is no such topic there
    List<HistoryRecord> read(URI place, String topic, long fromMillis, long toMillis);
}

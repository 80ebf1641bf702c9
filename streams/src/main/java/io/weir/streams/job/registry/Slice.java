package io.weir.streams.job.registry;

import java.util.List;

/// The part of a run's results that is published: windows that lie wholly inside a range of event time.
///
/// @param fromMillis first instant of the range
/// @param toMillis exclusive
/// @param keys only windows of these keys, as JSON or as text; empty takes all
/// @param ownTopic true: into topics of their own; false: the live outputs are corrected
public record Slice(long fromMillis, long toMillis, List<String> keys, boolean ownTopic) {
    public Slice {
        keys = List.copyOf(keys);
    }

    /// The topic that an output's part is copied to, when it gets one of its own.
    public static String topicOf(String sink, int number) {
        return sink + ".b" + number;
    }
}

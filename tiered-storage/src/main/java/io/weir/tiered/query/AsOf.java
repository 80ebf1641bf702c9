package io.weir.tiered.query;

import io.weir.log.topic.TopicName;
import java.util.Map;

/// A cut that the caller brings along: offsets written down, or the `cut` of an earlier answer.
///
/// @param topics topics that are not named get a new cut
public record AsOf(Map<TopicName, Vector> topics) {
    public AsOf {
        topics = Map.copyOf(topics);
    }

    public static AsOf now() {
        return new AsOf(Map.of());
    }

    /// Partitions that are missing in `to` are left out of the answer.
    ///
    /// @param from lower bounds; where missing, the start of the log
    /// @param to upper bounds, exclusive
    /// @param cold where the halves meet; where missing, what the archive holds now
    public record Vector(Map<Integer, Long> from, Map<Integer, Long> to, Map<Integer, Long> cold) {
        public Vector {
            from = Map.copyOf(from);
            to = Map.copyOf(to);
            cold = Map.copyOf(cold);
        }
    }
}

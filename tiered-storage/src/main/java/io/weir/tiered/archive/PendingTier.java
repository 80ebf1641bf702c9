package io.weir.tiered.archive;

import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// A `tier now` that is under way: what must be in the archive, and what the topic goes back to then.
///
/// @param previousLocalBytes the topic's `local.retention.bytes` before
/// @param targets by partition: the log's end when it was asked for
public record PendingTier(String topic, String previousLocalBytes, Map<Integer, Long> targets) {
    public PendingTier {
        targets = Collections.unmodifiableMap(new TreeMap<>(targets));
    }

    /// Where pending ones are remembered, so that a restart finds them.
    public interface Memory {
        /// By topic.
        Map<String, PendingTier> all();

        /// Replaces what is remembered of a topic; the operator gets null when there is nothing.
        void update(String topic, UnaryOperator<@Nullable PendingTier> change);

        /// Forgets it, unless another one is remembered meanwhile.
        void forget(PendingTier expected);

        /// Forgets whatever is remembered of a topic.
        void forgetTopic(String topic);
    }
}

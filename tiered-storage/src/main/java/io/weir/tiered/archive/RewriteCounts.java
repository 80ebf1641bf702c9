package io.weir.tiered.archive;

import java.util.UUID;

/// How often sidecars of a topic were replaced, told to every node: what is kept of them under an older count
/// is asked
/// for again. Safe for use by any thread.
public interface RewriteCounts {
    /// Of an archive whose sidecars nobody replaces.
    RewriteCounts NONE = new RewriteCounts() {
        @Override
        public long of(UUID topicId) {
            return 0;
        }

        @Override
        public void increment(UUID topicId) {
            throw new IllegalStateException("Topic id '" + topicId + "': nobody counts replaced sidecars here.");
        }
    };

    /// As known here; never blocks.
    long of(UUID topicId);

    /// Says that sidecars of a topic were replaced just now.
    void increment(UUID topicId);
}

package io.weir.tiered.archive;

import io.weir.tiered.segment.SegmentAddress;
import java.util.Optional;

/// A segment as the broker's metadata topic knows it.
///
/// @param copied what the broker keeps of the sidecar; empty while the copy is not finished
record KnownSegment(
        String topic, SegmentAddress address, long endOffset, State state, Optional<CustomMetadata> copied) {
    /// Where the broker is with it.
    enum State {
        /// A copy was begun and not finished, so far or for ever.
        STARTED,
        FINISHED,
        /// The broker deletes it, and asks again until that is done.
        DELETING
    }
}

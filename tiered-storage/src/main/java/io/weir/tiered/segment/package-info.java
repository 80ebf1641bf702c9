/// Formats and invariants of a cold segment, in plain Java: Kafka's batch envelope, the canonical records section
/// that a batch is proven by, and the sidecar that holds what rows alone cannot give back.
@NullMarked
package io.weir.tiered.segment;

import org.jspecify.annotations.NullMarked;

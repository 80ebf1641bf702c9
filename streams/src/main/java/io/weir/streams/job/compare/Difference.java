package io.weir.streams.job.compare;

import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/// A key whose newest rows differ.
///
/// @param partition of the output
/// @param left null when the left version has no row
/// @param right null when the right version has none
public record Difference(
        int partition,
        Bytes key,
        @Nullable ResultRow left,
        @Nullable ResultRow right) {}

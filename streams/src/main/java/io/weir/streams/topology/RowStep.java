package io.weir.streams.topology;

import org.apache.kafka.streams.processor.api.ProcessingContext;
import org.jspecify.annotations.Nullable;

/// What one stateless stage does with one row. Several in a row run in one processor.
interface RowStep {
    /// The name of the stage, for errors and counts.
    String stage();

    /// The row to pass on, or null to leave it out. What it throws sends the record to the dead letter
    /// topic.
    @Nullable
    Object apply(@Nullable Object key, Object row, ProcessingContext context);
}

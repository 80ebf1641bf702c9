package io.weir.tiered.archive;

import io.weir.tiered.segment.CorruptSegmentException;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Whole, proven batches of one segment.
@FunctionalInterface
interface BatchSource {
    /// The whole batch, from position to limit; valid until the next call.
    ///
    /// @throws CorruptSegmentException what is stored does not give the batch back
    /// @throws IOException the store did not answer
    ByteBuffer rebuild(int ordinal) throws IOException;
}

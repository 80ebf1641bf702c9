package io.weir.tiered.segment;

import java.io.IOException;

/// Bytes of one immutable object by position. Implementations are safe for use by any thread and put their own
/// deadline on each call.
@FunctionalInterface
public interface RangeSource {
    /// Exactly `length` bytes from `position`, as a new array that the caller owns.
    ///
    /// @throws IOException the object is absent, shorter than asked, or the store did not answer in time
    byte[] read(long position, int length) throws IOException;
}

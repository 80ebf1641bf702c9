package io.weir.tiered.segment;

import org.jspecify.annotations.Nullable;

/// Stored or local bytes contradict the format, a checksum or each other. The message names the object and the
/// place; nothing that was read from it may be served.
public final class CorruptSegmentException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public CorruptSegmentException(String message) {
        super(message);
    }

    public CorruptSegmentException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

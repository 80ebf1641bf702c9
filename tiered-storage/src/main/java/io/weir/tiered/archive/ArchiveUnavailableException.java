package io.weir.tiered.archive;

import org.jspecify.annotations.Nullable;

/// The archive's state cannot be told now: the log or the store did not answer. Trying again may help.
public final class ArchiveUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ArchiveUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

package io.weir.streams.replay;

import org.jspecify.annotations.Nullable;

/// The archive cannot give records now. The broker can be asked for the same ones.
public final class ColdReadException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ColdReadException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}

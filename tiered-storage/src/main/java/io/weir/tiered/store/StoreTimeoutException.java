package io.weir.tiered.store;

import java.io.IOException;

/// The store did not answer within the call's deadline. Whether the call took effect is unknown.
public final class StoreTimeoutException extends IOException {
    private static final long serialVersionUID = 1L;

    public StoreTimeoutException(String message) {
        super(message);
    }
}

package io.weir.connect.worker;

import org.apache.kafka.connect.runtime.rest.errors.ConnectRestException;

/// The error answer of another worker to a request that was passed on to it.
final class ForwardedException extends ConnectRestException {
    private static final long serialVersionUID = 1L;

    private final boolean worthRepeating;

    /// @param worthRepeating whether the other worker says that nothing was written and a repetition may succeed
    ForwardedException(int statusCode, int errorCode, String message, boolean worthRepeating) {
        super(statusCode, errorCode, message);
        this.worthRepeating = worthRepeating;
    }

    boolean worthRepeating() {
        return worthRepeating;
    }
}

package io.weir.connect.worker;

import org.jspecify.annotations.Nullable;

/// Who asks, as far as it matters for passing the request on to the leading worker.
///
/// @param authorization the `Authorization` header, the only one that is passed on
/// @param forward absent on the first hop, true when one more hop is allowed, false on the last
public record Caller(
        @Nullable String authorization, @Nullable Boolean forward) {
    /// True for the worker that the client itself has asked.
    boolean isFirstHop() {
        return forward == null;
    }

    /// Never prints the header.
    @Override
    public String toString() {
        return "Caller[forward=" + forward + "]";
    }
}

package io.weir.connect.worker;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// An answer of the Connect API, ready to be sent: status, headers, JSON bytes. Immutable as long as nobody writes
/// into the array that [#body()] returns, which is not copied.
public final class Reply {
    private final int status;
    private final Map<String, String> headers;
    private final byte @Nullable [] body;

    private Reply(int status, Map<String, String> headers, byte @Nullable [] body) {
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body;
    }

    /// An answer with a JSON body.
    static Reply json(int status, Object entity) {
        return new Reply(status, Map.of(), Json.bytes(entity));
    }

    /// An answer without a body.
    static Reply empty(int status) {
        return new Reply(status, Map.of(), null);
    }

    /// The same answer with one more header.
    Reply with(String header, String value) {
        Map<String, String> more = new HashMap<>(headers);
        more.put(header, value);
        return new Reply(status, more, body);
    }

    /// The HTTP status.
    public int status() {
        return status;
    }

    /// Headers beside the content type.
    public Map<String, String> headers() {
        return headers;
    }

    /// JSON in UTF-8, or null when the answer has no body.
    public byte @Nullable [] body() {
        return body;
    }

    @Override
    public String toString() {
        return status + " " + (body == null ? "" : new String(body, StandardCharsets.UTF_8));
    }
}

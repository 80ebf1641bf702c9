package io.weir.connect.connector;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/// Addresses of connectors. A connector may have any name, also one with `/`, which travels as `%2F`.
public final class ConnectorPath {
    private ConnectorPath() {}

    /// `/connectors/{name}` with the name encoded as one path segment (RFC 3986).
    public static String of(String name) {
        return "/connectors/" + segment(name);
    }

    /// The name as one path segment: everything but unreserved characters is percent-encoded.
    public static String segment(String name) {
        return URLEncoder.encode(name, StandardCharsets.UTF_8)
                .replace("+", "%20")
                .replace("*", "%2A")
                .replace("%7E", "~");
    }
}

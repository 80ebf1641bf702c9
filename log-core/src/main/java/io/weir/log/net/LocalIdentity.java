package io.weir.log.net;

import java.net.URI;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Who counts as local: without authentication a request from this machine has every right, so it must not come
/// by way of a web page of another site.
public final class LocalIdentity {
    private LocalIdentity() {}

    /// @param host the request's `Host` without port; null when there is none
    /// @param origin the request's `Origin`; null when there is none (no browser, or a plain navigation)
    /// @return why the request is not local, without any text of the request's own
    public static Optional<String> objection(@Nullable String host, @Nullable String origin) {
        if (host == null || !isLoopbackName(host)) {
            return Optional.of("Request: its Host must be loopback (localhost, 127.0.0.1, [::1]) as long as no"
                    + " authentication is configured.");
        }
        if (origin != null && !isLoopbackOrigin(origin)) {
            return Optional.of("Request: its Origin is another site, which must not act here as long as no"
                    + " authentication is configured.");
        }
        return Optional.empty();
    }

    private static boolean isLoopbackOrigin(String origin) {
        try {
            String host = URI.create(origin).getHost();
            return host != null && isLoopbackName(host);
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /// By spelling only: a name that merely resolves to loopback may belong to anybody.
    private static boolean isLoopbackName(String name) {
        String plain = name.toLowerCase(Locale.ROOT).replace("[", "").replace("]", "");
        return plain.equals("localhost")
                || plain.equals("::1")
                || plain.equals("0:0:0:0:0:0:0:1")
                || plain.matches("127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}");
    }
}
